import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { generatedFiles } from '../../scripts/generated-files.ts';

const REPOSITORY = join(import.meta.dirname, '../..');

function generate(root: string, ...flags: readonly string[]): { status: number | null; told: string } {
  const ran = spawnSync(process.execPath, ['--import', 'tsx', 'scripts/generate.ts', ...flags], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status: ran.status, told: ran.stdout + ran.stderr };
}

/** What the script needs, in a folder that may be written to. */
function copyOfRepository(): string {
  const root = mkdtempSync(join(tmpdir(), 'driftd-generate-'));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const name of [
    'src',
    'scripts',
    'wasm',
    'dashboards',
    'schemas',
    'docs',
    'package.json',
    'tsconfig.json',
  ]) {
    cpSync(join(REPOSITORY, name), join(root, name), { recursive: true });
  }
  symlinkSync(join(REPOSITORY, 'node_modules'), join(root, 'node_modules'));
  return root;
}

// Two modules are compiled in each run.
describe('the generated files', { timeout: 120_000 }, () => {
  it('say that they are generated, and by what', () => {
    for (const { path, text } of generatedFiles()) {
      // Grafana knows no comments.
      if (path.startsWith('dashboards/')) continue;
      expect(text.split('\n', 2).join(' '), path).toMatch(/Generated from .* by \\?"npm run generate\\?"/);
    }
  });

  it('that are stale or missing are named, and written anew', () => {
    const root = copyOfRepository();
    writeFileSync(join(root, 'docs/reference/metrics.md'), 'psi is a number\n');
    rmSync(join(root, 'schemas/event.schema.json'));

    const checked = generate(root, '--check');
    expect(checked.status).toBe(1);
    expect(checked.told.split('\n').map((line) => line.split(' ')[0])).toEqual([
      'schemas/event.schema.json',
      'docs/reference/metrics.md',
      '',
    ]);
    expect(existsSync(join(root, 'schemas/event.schema.json'))).toBe(false);

    expect(generate(root).status).toBe(0);
    expect(generate(root, '--check').status).toBe(0);
  });

  it('hold schemas that are valid themselves', () => {
    for (const name of ['driftd', 'rules', 'event']) {
      const schema = JSON.parse(
        readFileSync(join(REPOSITORY, `schemas/${name}.schema.json`), 'utf8'),
      ) as object;
      expect(new Ajv2020.default({ strict: false }).validateSchema(schema), name).toBe(true);
    }
  });
});
