import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { startProcess } from './owned-process.ts';
import { poll } from './poll.ts';
import { readLines } from './read-lines.ts';

/**
 * A stand-in for a ClickHouse server: ClickHouse's own engine (chDB) behind its HTTP interface, in its own process.
 *
 * What it has not: the native protocol, users and roles, replication, the cancelling of queries, progress while a
 * query runs, `X-ClickHouse-Summary` of what an INSERT ... SELECT wrote, and compression other than gzip on the way out.
 */
export interface ClickHouseServer {
  readonly url: string;
  readonly port: number;
  /** The data folder. Start again with this path and port to bring the server back with its data. */
  readonly path: string;
  /** Ends it in order. Deletes the data unless a path was given. May be called twice, and after `kill`. */
  stop(): Promise<void>;
  /** SIGKILL; the data stays. */
  kill(): Promise<void>;
}

export interface ClickHouseServerOptions {
  /** A folder to keep the data in; a temporary one when left out. */
  readonly path?: string;
  readonly port?: number;
  readonly user?: string;
  readonly password?: string;
}

const START_TIMEOUT_MS = 60_000;
const GRACE_MS = 15_000;

/** Starts the server and waits until it answers. It dies with the process that started it. */
export async function startClickHouse(options: ClickHouseServerOptions = {}): Promise<ClickHouseServer> {
  const temporary = options.path === undefined ? [await mkdtemp(join(tmpdir(), 'driftd-clickhouse-'))] : [];
  const path = options.path ?? temporary[0]!;
  const port = options.port ?? (await freePort());
  const main = fileURLToPath(new URL('./clickhouse-server-process.ts', import.meta.url));
  const server = await startProcess(
    process.execPath,
    [...['--import', 'tsx', main], path, String(port), options.user ?? 'default', options.password ?? ''],
    { temporary },
  );
  let output = '';
  const remember = (line: string): void => {
    output = `${output}${line}\n`.slice(-10_000);
  };
  readLines(server.stdout, remember);
  readLines(server.stderr, remember);
  let gone = false;
  void server.exited.then(() => {
    gone = true;
  });
  const url = `http://127.0.0.1:${port}`;
  await poll(
    async () => {
      if (gone) throw new Error(`the ClickHouse stand-in ended while it started:\n${output}`);
      return (await isUp(url)) ? true : undefined;
    },
    { timeoutMs: START_TIMEOUT_MS, what: 'answer from the ClickHouse stand-in' },
  );
  return {
    url,
    port,
    path,
    stop: async () => {
      await server.stop(GRACE_MS);
      for (const folder of temporary) await rm(folder, { recursive: true, force: true });
    },
    kill: async () => {
      await server.kill();
    },
  };
}

async function isUp(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`)).ok;
  } catch {
    return false;
  }
}
