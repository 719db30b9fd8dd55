import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Store } from '../../src/store/client.ts';
import { startClickHouse } from '../support/clickhouse-server.ts';
import { freePort } from '../support/free-port.ts';
import { randomName } from '../support/random-name.ts';
import type { ProxyMode } from '../support/tcp-proxy.ts';
import { DaemonGroup } from './daemon-group.ts';
import type { TopicNames } from './producers.ts';
import { isSettled, type LogEnds, saysSettled } from './settled.ts';
import { daemonConfig, openDatabase, prepareDatabase, type World } from './world.ts';

const EMBEDDED_DAEMON = fileURLToPath(new URL('embedded-daemon.ts', import.meta.url));

/** A group of daemons, with where it keeps what it counts and what it sends. */
export interface Side {
  readonly group: DaemonGroup;
  /** Where the receiver gets its messages. */
  readonly path: string;
  setStoreMode(mode: ProxyMode): Promise<void>;
  /** True when everything is read, evaluated and sent. */
  isSettled(ends: LogEnds): Promise<boolean>;
  /** The store, where others than the daemons can open it. */
  readonly live?: Store;
  /** The store; for when the daemons have ended. */
  open(): Promise<Store>;
  close(): Promise<void>;
}

/** What the daemons of both sides read. */
export interface Log {
  readonly topics: TopicNames;
  /** Of the brokers. */
  readonly addresses: readonly string[];
  readonly sessionTimeout: number | undefined;
}

/** Daemons that share a store server, which `port` leads to. */
export async function serverSide(world: World, log: Log, size: number, port: number): Promise<Side> {
  const database = randomName('server');
  const store = await prepareDatabase(world.clickhouse.url, database);
  const place = `{ url: "http://127.0.0.1:${port}", database: ${database}, request_timeout: 2s }`;
  return {
    group: await DaemonGroup.start(size, await configFor(world, log, database, place)),
    path: `/${database}`,
    setStoreMode: (mode) => world.proxy.setMode(mode),
    isSettled: (ends) => isSettled(store, ends),
    live: store,
    open: async () => store,
    close: () => store.close(),
  };
}

/** One daemon with a store inside. Nobody else can open that; before and after it, a server can. */
export async function embeddedSide(world: World, log: Log): Promise<Side> {
  const database = randomName('embedded');
  const path = join(world.folder, database);
  const before = await startClickHouse({ path });
  await (await prepareDatabase(before.url, database)).close();
  await before.stop();
  const port = await freePort();
  const config = await configFor(world, log, database, `{ path: "${path}", database: ${database} }`, port);
  const setStoreMode = (mode: ProxyMode): Promise<void> => writeFile(`${config}.mode`, mode);
  await setStoreMode('pass');
  const group = await DaemonGroup.start(1, config, EMBEDDED_DAEMON);
  const closing: Array<() => Promise<void>> = [];
  return {
    group,
    path: `/${database}`,
    setStoreMode,
    isSettled: (ends) => saysSettled(`http://127.0.0.1:${port}`, ends),
    open: async () => {
      const after = await startClickHouse({ path });
      const store = await openDatabase(after.url, database);
      closing.push(
        () => store.close(),
        () => after.stop(),
      );
      return store;
    },
    close: async () => {
      for (const close of closing) await close();
    },
  };
}

function configFor(world: World, log: Log, name: string, store: string, port = 0): Promise<string> {
  const { sink, folder } = world;
  const sinkUrl = `${sink.url}/${name}`;
  return world.write(
    `${name}.yaml`,
    daemonConfig({ store, ...log, sinkUrl, port, rules: `${folder}/rules.yaml` }),
  );
}
