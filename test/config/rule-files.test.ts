import fs from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { findRuleFiles } from '../../src/config/rule-files.ts';

const FILES = [
  'etc/driftd/rules/a.yaml',
  'etc/driftd/rules/b.yaml',
  'etc/driftd/rules/notes.md',
  'etc/driftd/rules/deep/c.yaml',
  'etc/.team/fraud/d.yaml',
  'etc/shared (old)/e.yaml',
  'var/log/f.yaml',
  'etc/{one}/g.yaml',
];

let root = '';

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'driftd-rules-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const file of FILES) {
    await mkdir(dirname(join(root, file)), { recursive: true });
    await writeFile(join(root, file), '');
  }
});

async function found(...globs: string[]): Promise<string[]> {
  const files = await findRuleFiles(globs, join(root, 'etc/driftd'));
  return files.map((file) => relative(root, file));
}

describe('rule files', () => {
  it.each([
    [['rules/a.yaml'], ['etc/driftd/rules/a.yaml']],
    [['rules/*.yaml'], ['etc/driftd/rules/a.yaml', 'etc/driftd/rules/b.yaml']],
    [
      ['rules/**/*.yaml'],
      ['rules/a.yaml', 'rules/b.yaml', 'rules/deep/c.yaml'].map((f) => `etc/driftd/${f}`),
    ],
    [
      ['rules/{a,c}.yaml', './rules/?.yaml'],
      ['etc/driftd/rules/a.yaml', 'etc/driftd/rules/b.yaml'],
    ],
    [['../.team/*/d.yaml'], ['etc/.team/fraud/d.yaml']],
    [['../shared \\(old\\)/e.yaml'], ['etc/shared (old)/e.yaml']],
    [['../shared \\(old\\)/*.yaml'], ['etc/shared (old)/e.yaml']],
    [['../{one}/*.yaml'], ['etc/{one}/g.yaml']],
    [['rules/none.yaml', 'nowhere/*.yaml', 'rules'], []],
  ])('%j, beside the configuration, are %j', async (globs, files) => {
    expect(await found(...globs)).toEqual(files);
  });

  it('may be named from the root, once or twice', async () => {
    expect(await found(join(root, 'var/log/*.yaml'), join(root, 'var/**/f.yaml'))).toEqual([
      'var/log/f.yaml',
    ]);
  });

  it('are searched for where the patterns begin, and not above, wherever driftd was started', async () => {
    const looks = vi.spyOn(fs, 'readdir');
    syncBuiltinESMExports();
    onTestFinished(() => {
      looks.mockRestore();
      syncBuiltinESMExports();
    });
    await found('rules/a.yaml', '../.team/**/*.yaml', join(root, 'var/log/*.yaml'));
    const folders = looks.mock.calls.map(([folder]) => relative(root, String(folder)));
    expect(new Set(folders)).toEqual(
      new Set(['etc/driftd/rules', 'etc/.team', 'etc/.team/fraud', 'var/log']),
    );
  });
});
