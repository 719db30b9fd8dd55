import { existsSync, readdirSync } from 'node:fs';
import picomatch from 'picomatch';
import { describe, expect, it } from 'vitest';
import { ROOT, readRepository, readYamlFile } from './compose-file.ts';

interface Instruction {
  readonly name: string;
  readonly rest: string;
}

const instructions = instructionsOf(await readRepository('Dockerfile'));
const ignored = await readRepository('.dockerignore');

describe('the Dockerfile', () => {
  it('builds every stage on one exact version of Node 24', () => {
    expect(textOf('ARG')).toEqual([expect.stringMatching(/^NODE_IMAGE=node:24\.\d+\.\d+-bookworm-slim$/)]);
    for (const from of textOf('FROM')) expect(from).toMatch(/^\$\{NODE_IMAGE\}( AS \w+)?$/);
  });

  it('copies only what the repository has and the build context keeps', () => {
    const sources = textOf('COPY')
      .filter((copy) => !copy.startsWith('--from='))
      .flatMap((copy) => copy.split(' ').slice(0, -1));
    expect(sources).not.toHaveLength(0);
    for (const source of sources) {
      expect(existsInRepository(source), source).toBe(true);
      expect(ignored.split('\n'), source).toContain(`!${source.replace(/^\.\//, '')}`);
    }
  });

  it('keeps everything else out of the build context', () => {
    const [first, ...others] = ignored.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    for (const line of others) expect(line).toMatch(/^!/);
  });

  it('leaves development and optional packages out of the image', () => {
    const last = instructions.findLastIndex(({ name }) => name === 'FROM');
    const copies = instructions.slice(last).filter(({ name }) => name === 'COPY');
    expect(copies.map(({ rest }) => rest)).toContain('--from=dependencies /app/node_modules ./node_modules');
    expect(textOf('RUN').some((run) => run.endsWith('npm ci --omit=dev --omit=optional'))).toBe(true);
  });

  it('runs as a user without privileges and ends on SIGTERM', () => {
    expect(textOf('USER')).toEqual(['node']);
    expect(textOf('STOPSIGNAL')).toEqual(['SIGTERM']);
  });

  it('starts the daemon', () => {
    expect(textOf('ENTRYPOINT').map((text) => JSON.parse(text))).toEqual([
      ['node', '--enable-source-maps', 'dist/main.js'],
    ]);
    expect(textOf('CMD').map((text) => JSON.parse(text))).toEqual([
      ['run', '--config', '/etc/driftd/driftd.yaml'],
    ]);
  });

  it('exposes the port that the demonstration configures', async () => {
    const { http } = await readYamlFile<{ http: { port: number } }>('deploy/driftd.yaml');
    expect(textOf('EXPOSE')).toEqual([String(http.port)]);
  });
});

/** `folder/*.ext`, a folder or a file. */
function existsInRepository(source: string): boolean {
  const slash = source.lastIndexOf('/');
  if (!source.includes('*')) return existsSync(new URL(source, ROOT));
  const matches = picomatch(source.slice(slash + 1));
  return readdirSync(new URL(source.slice(0, slash + 1), ROOT)).some((name) => matches(name));
}

function textOf(name: string): string[] {
  return instructions.filter((instruction) => instruction.name === name).map(({ rest }) => rest);
}

function instructionsOf(dockerfile: string): Instruction[] {
  return dockerfile
    .replaceAll(/^#.*$/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [name = '', ...rest] = line.split(' ');
      return { name, rest: rest.join(' ').trim() };
    });
}
