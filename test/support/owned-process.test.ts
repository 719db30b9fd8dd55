import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { startProcess } from './owned-process.ts';
import { poll } from './poll.ts';
import { readLines } from './read-lines.ts';

const STUBBORN =
  "process.on('SIGTERM', () => console.log('no')); setInterval(() => {}, 1000); console.log('up')";

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('kills a process and deletes its folder when the one who started it is killed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'driftd-abandoned-'));
  const abandoner = new URL('./fixtures/abandoner.ts', import.meta.url).pathname;
  const starter = await startProcess(execPath, ['--import', 'tsx', abandoner, folder]);
  onTestFinished(async () => void (await starter.kill()));
  const lines: string[] = [];
  readLines(starter.stdout, (line) => lines.push(line));
  const pid = Number(await poll(() => lines[0], { timeoutMs: 15_000, what: 'process id' }));
  expect(isAlive(pid)).toBe(true);

  await starter.kill();

  await poll(() => (isAlive(pid) || existsSync(folder) ? undefined : true), {
    timeoutMs: 15_000,
    what: 'end of the abandoned process',
  });
});

it('loses patience with a process that ignores SIGTERM', async () => {
  const stubborn = await startProcess(execPath, ['-e', STUBBORN]);
  onTestFinished(async () => void (await stubborn.kill()));
  const lines: string[] = [];
  readLines(stubborn.stdout, (line) => lines.push(line));
  await poll(() => lines[0], { timeoutMs: 15_000, what: 'first line' });

  expect(await stubborn.stop(300)).toEqual({ code: null, signal: 'SIGKILL' });
  expect(lines).toEqual(['up', 'no']);
});

it('says so when the command does not exist', async () => {
  await expect(startProcess('no-such-command-here', [])).rejects.toThrow('ENOENT');
});
