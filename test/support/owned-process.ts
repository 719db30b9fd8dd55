import { type ChildProcess, spawn } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A child process that cannot outlive whoever started it. */
export interface OwnedProcess {
  readonly pid: number;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles once, when the process is gone; never rejects. */
  readonly exited: Promise<Exit>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, then SIGKILL when that takes longer than `graceMs`. Fine to call on a process that is gone. */
  stop(graceMs: number): Promise<Exit>;
  /** SIGKILL, and waits until the process is gone. */
  kill(): Promise<Exit>;
}

export interface OwnedProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Folders to delete when the starter dies without having stopped the process. */
  readonly temporary?: readonly string[];
}

/** Starts a command without a shell; its standard input is empty. Rejects when the command cannot be run at all. */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: OwnedProcessOptions = {},
): Promise<OwnedProcess> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own: Ctrl-C on the terminal must reach the test runner only, which then stops things in order.
    detached: true,
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
  const pid = child.pid!;
  const guard = startGuard(pid, options.temporary ?? []);
  child.once('exit', () => guard.kill('SIGKILL'));
  const kill = (): Promise<Exit> => {
    child.kill('SIGKILL');
    return exited;
  };
  return {
    pid,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    signal: (signal) => void child.kill(signal),
    stop: async (graceMs) => {
      child.kill('SIGTERM');
      const timer = new AbortController();
      const late = sleep(graceMs, undefined, { signal: timer.signal }).then(kill, () => exited);
      const exit = await Promise.race([exited, late]);
      timer.abort();
      return exit;
    },
    kill,
  };
}

/**
 * A shell that waits on a pipe from this process. However this process ends, SIGKILL included, the kernel closes the
 * pipe; then the shell kills the child and deletes what it left behind.
 */
function startGuard(pid: number, temporary: readonly string[]): ChildProcess {
  const script = 'trap "" INT TERM HUP; read -r _; kill -9 "$1"; shift; sleep 0.2; rm -rf "$@"';
  const guard = spawn('sh', ['-c', script, 'guard', String(pid), ...temporary], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Neither the shell nor the pipe may keep the test process alive.
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}
