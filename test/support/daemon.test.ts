import { expect, it } from 'vitest';
import { type Daemon, startDaemon } from './daemon.ts';

const entry = new URL('./fixtures/chatty-daemon.ts', import.meta.url).pathname;

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

it('collects output and log lines, and the exit code after a signal', async () => {
  const daemon = await startDaemon(['run', '--fast'], { entry, env: { GREETING: 'hello' }, cwd: '/' });

  expect(await daemon.waitForLog((line) => line.msg === 'ready')).toMatchObject({ greeting: 'hello' });
  daemon.signal('SIGTERM');

  expect(await daemon.exited).toEqual({ code: 3, signal: null });
  expect(daemon.stdout).toEqual(['run --fast']);
  expect(daemon.stderr).toContain('not a log line');
  expect(daemon.logs.map((line) => line.msg)).toEqual(['ready', 'leaving']);
});

it('does not wait for a log line from a process that is gone', async () => {
  const daemon = await startDaemon([], { entry });
  await daemon.waitForLog((line) => line.msg === 'ready');
  await daemon.kill();
  await expect(daemon.waitForLog((line) => line.msg === 'leaving')).rejects.toThrow('SIGKILL');
});

let leftOver: Daemon;

it('may be left running by a test', async () => {
  leftOver = await startDaemon([], { entry });
  await leftOver.waitForLog((line) => line.msg === 'ready');
  expect(isAlive(leftOver.pid)).toBe(true);
});

it('has been killed when the next test begins', () => {
  expect(isAlive(leftOver.pid)).toBe(false);
});
