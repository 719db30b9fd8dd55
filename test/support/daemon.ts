import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { type Exit, startProcess } from './owned-process.ts';
import { poll } from './poll.ts';
import { readLines } from './read-lines.ts';

const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/** One line that pino wrote. */
export interface LogLine {
  readonly level: number;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** driftd as a process of its own. */
export interface Daemon {
  readonly pid: number;
  /** Lines so far. */
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
  /** Those lines of stderr that are log lines, parsed. */
  readonly logs: readonly LogLine[];
  readonly exited: Promise<Exit>;
  /** The first log line that fits, one already written included. Rejects when the process ends without it. */
  waitForLog(fits: (line: LogLine) => boolean, timeoutMs?: number): Promise<LogLine>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM, and waits for the end; SIGKILL after `graceMs`, 20 s when left out. */
  stop(graceMs?: number): Promise<Exit>;
  kill(): Promise<Exit>;
}

export interface DaemonOptions {
  /** Added to the environment of the tests. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** The program, in TypeScript or built; driftd from source when left out. */
  readonly entry?: string;
}

/**
 * Runs `driftd ARGS`. Started inside a test, it is killed when the test ends, however the test ends; started in a hook,
 * it is the caller's to stop. In no case does it outlive the test process.
 */
export async function startDaemon(args: readonly string[], options: DaemonOptions = {}): Promise<Daemon> {
  const entry = options.entry ?? `${REPOSITORY}src/main.ts`;
  const program = entry.endsWith('.ts') ? ['--import', TSX, entry] : [entry];
  const started = await startProcess(process.execPath, [...program, ...args], {
    cwd: options.cwd ?? REPOSITORY,
    env: { ...process.env, ...options.env },
  });
  killAfterTest(started.kill);
  const stdout: string[] = [];
  const stderr: string[] = [];
  const logs: LogLine[] = [];
  readLines(started.stdout, (line) => stdout.push(line));
  readLines(started.stderr, (line) => {
    stderr.push(line);
    const log = parseLog(line);
    if (log !== undefined) logs.push(log);
  });
  let exit: Exit | undefined;
  // The pipes may still hold the last lines when the process is gone.
  const exited = started.exited.then(async (how) => {
    await Promise.all([started.stdout, started.stderr].map(ended));
    exit = how;
    return how;
  });
  return {
    pid: started.pid,
    stdout,
    stderr,
    logs,
    exited,
    waitForLog: (fits, timeoutMs = 30_000) =>
      poll(
        () => {
          const line = logs.find(fits);
          if (line === undefined && exit !== undefined) {
            throw new Error(`driftd ended with ${JSON.stringify(exit)}:\n${stderr.slice(-20).join('\n')}`);
          }
          return line;
        },
        { timeoutMs, what: 'such log line' },
      ),
    signal: started.signal,
    stop: async (graceMs = 20_000) => {
      await started.stop(graceMs);
      return exited;
    },
    kill: async () => {
      await started.kill();
      return exited;
    },
  };
}

/** By its full address, so that it is found from any working directory. */
const TSX = import.meta.resolve('tsx');

function killAfterTest(kill: () => Promise<unknown>): void {
  try {
    onTestFinished(async () => {
      await kill();
    });
  } catch {
    // Not inside a test.
  }
}

function ended(stream: NodeJS.ReadableStream & { readonly readableEnded: boolean }): Promise<void> {
  return new Promise((resolve) => {
    if (stream.readableEnded) resolve();
    else stream.once('close', resolve);
  });
}

function parseLog(line: string): LogLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && 'level' in value ? (value as LogLine) : undefined;
  } catch {
    return undefined;
  }
}
