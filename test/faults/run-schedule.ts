import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaBroker } from '../support/kafka-broker.ts';
import type { ProxyMode } from '../support/tcp-proxy.ts';
import type { DaemonGroup } from './daemon-group.ts';
import type { Producers } from './producers.ts';
import { type Fault, type Schedule, TICK, TICKS } from './schedule.ts';
import type { Traffic } from './traffic.ts';

/** What faults act upon. */
export interface Stage {
  readonly group: DaemonGroup;
  readonly brokers: readonly KafkaBroker[];
  readonly traffic: Traffic;
  readonly producers: Producers;
  setStoreMode(mode: ProxyMode): Promise<void>;
  setReceiver(isWell: boolean): void;
  addPartition(topic: 'predictions' | 'labels'): Promise<void>;
  setCodec(codec: string): Promise<void>;
}

/** Writes the traffic of a schedule while its faults come and go. Resolves when all are over and everything is written. */
export async function runSchedule(schedule: Schedule, stage: Stage): Promise<void> {
  const writing = write(stage);
  const begun = performance.now();
  const until = async (tick: number): Promise<void> => {
    await sleep(Math.max(0, begun + tick * TICK - performance.now()));
  };
  // All of them, whatever becomes of one: the next schedule has the same brokers and the same store.
  const ended = await Promise.allSettled([
    writing,
    ...schedule.faults.map(async ({ fault, from, to }) => {
      await until(from);
      const end = await strike(fault, stage);
      await until(to);
      await end?.();
    }),
  ]);
  const failed = ended.find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}

/** One tick after the other; behind time while the brokers are away. */
async function write({ traffic, producers }: Stage): Promise<void> {
  const begun = performance.now();
  for (let tick = 0; tick < TICKS; tick += 1) {
    await sleep(Math.max(0, begun + tick * TICK - performance.now()));
    await producers.write(traffic.tick(tick));
  }
  await producers.close((topic) => traffic.closing(topic));
}

/** Lets a fault begin. @returns what ends it, where it does not end by itself. */
async function strike(fault: Fault, stage: Stage): Promise<(() => Promise<void>) | undefined> {
  const { group } = stage;
  switch (fault.kind) {
    case 'kill':
    case 'stop': {
      const number = group.choose(fault.daemon);
      if (number === undefined) return undefined;
      await (fault.kind === 'kill' ? group.kill(number) : group.stop(number));
      return () => group.revive(number);
    }
    case 'zombie': {
      const number = group.choose(fault.daemon);
      if (number === undefined) return undefined;
      group.freeze(number);
      return async () => group.thaw(number);
    }
    case 'broker': {
      const broker = stage.brokers[fault.broker % stage.brokers.length];
      await broker?.kill();
      return async () => broker?.restart();
    }
    case 'store':
      await stage.setStoreMode(fault.mode);
      return () => stage.setStoreMode('pass');
    case 'receiver':
      stage.setReceiver(false);
      return async () => stage.setReceiver(true);
    case 'partitions':
      await stage.addPartition(fault.topic);
      return undefined;
    case 'codec':
      await stage.setCodec(fault.codec);
      return undefined;
  }
}
