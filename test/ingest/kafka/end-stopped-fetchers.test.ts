import { createRequire } from 'node:module';
import { setImmediate as breathe } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { endStoppedFetchers } from '../../../src/ingest/kafka/end-stopped-fetchers.ts';

interface FetchManager {
  start(): Promise<void>;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);
const Original = require('kafkajs/src/consumer/runner') as new (
  options: object,
) => {
  fetch(node: number): Promise<object[]>;
};
const createFetchManager = require('kafkajs/src/consumer/fetchManager') as (options: object) => FetchManager;
const SILENT = { namespace: () => SILENT, debug: () => undefined, info: () => undefined };

/**
 * A consumer of kafkajs' own kind with two brokers, which is stopped while one of them has gone and the other has not answered.
 *
 * @returns how often its fetchers asked it after that: without an end, a hundred times.
 */
async function stopAsABrokerGoes(Runner: typeof Original): Promise<number> {
  let nodes = [1, 2];
  let asked = 0;
  let answer: (batches: object[]) => void = () => undefined;
  const runner = Object.assign(Object.create(Runner.prototype) as InstanceType<typeof Original>, {
    running: true,
    logger: SILENT,
    consumerGroup: {
      fetch: (node: number) =>
        node === 1
          ? breathe([])
          : new Promise<object[]>((resolve) => {
              answer = resolve;
            }),
    },
    instrumentationEmitter: { emit: () => undefined },
    heartbeat: async () => undefined,
    fetchManager: undefined as FetchManager | undefined,
  });
  runner.fetchManager = createFetchManager({
    logger: SILENT,
    getNodeIds: () => nodes,
    handler: async () => undefined,
    fetch: (node: number) => {
      if (!runner.running) asked += 1;
      // Else this test would never end.
      if (asked === 100) throw new Error('for ever');
      return runner.fetch(node);
    },
  });
  const started = runner.fetchManager.start().catch(() => undefined);
  await breathe();
  nodes = [2];
  // The first fetcher has seen it by now, and waits for the second one to end.
  await breathe();
  await breathe();
  runner.running = false;
  const stopped = runner.fetchManager.stop();
  answer([]);
  await Promise.all([started, stopped]);
  return asked;
}

it('asks for ever once it was stopped while a broker went, which is why it is changed', async () => {
  expect(await stopAsABrokerGoes(class extends Original {})).toBe(100);
});

it('ends when it is stopped, whatever its brokers do', async () => {
  class Ending extends Original {}
  endStoppedFetchers(Ending);
  endStoppedFetchers(Ending);
  expect(await stopAsABrokerGoes(Ending)).toBe(1);
});

it('changes nothing where kafkajs is not as it was', () => {
  class Other {}
  endStoppedFetchers(Other);
  endStoppedFetchers(undefined);
  expect(Object.keys(Other.prototype)).toEqual([]);
});
