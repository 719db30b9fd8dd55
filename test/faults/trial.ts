import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual as isEqual } from 'node:util';
import { expect } from 'vitest';
import type { KafkaBroker } from '../support/kafka-broker.ts';
import { poll } from '../support/poll.ts';
import { type CommittedRecord, committedRecords } from './committed-records.ts';
import type { DaemonGroup } from './daemon-group.ts';
import { messagesById, type Outcome, outcomeOf, plainCounts } from './outcome.ts';
import { type Fate, Producers } from './producers.ts';
import { runSchedule } from './run-schedule.ts';
import type { Schedule } from './schedule.ts';
import { endsOf } from './settled.ts';
import { embeddedSide, type Log, type Side, serverSide } from './sides.ts';
import { Traffic } from './traffic.ts';
import { createTopics, persistently, type World } from './world.ts';

/** Long after the last fault everything has come to rest, even where much else runs. */
const SETTLE_TIMEOUT = 120_000;

/** How long the messages of the last evaluation may take. */
const TELL_TIMEOUT = 20_000;

/** One schedule, from its topics to the verdict. */
export class Trial {
  readonly #world: World;
  readonly #schedule: Schedule;
  readonly #sides = new Map<string, Side>();

  constructor(world: World, schedule: Schedule) {
    this.#world = world;
    this.#schedule = schedule;
  }

  async run(): Promise<void> {
    const { setting, daemons, sessionTimeout } = this.#schedule;
    const brokers = await this.#world.brokers(setting);
    const addresses = brokers.flatMap((broker) => broker.brokers);
    const log: Log = {
      addresses,
      sessionTimeout,
      topics: await createTopics(addresses, Math.min(2, brokers.length)),
    };
    try {
      const battered =
        setting === 'embedded'
          ? await embeddedSide(this.#world, log)
          : await serverSide(this.#world, log, daemons, this.#world.proxy.port);
      this.#sides.set('battered', battered);
      const fates = await this.#write(battered, log, brokers);
      this.#sides.set('clean', await serverSide(this.#world, log, 1, this.#world.clickhouse.port));
      const records = await committedRecords(Object.values(log.topics), addresses);
      expectFates(fates, records);
      await this.#end(records);
      await this.#judge(records);
    } finally {
      for (const side of this.#sides.values()) await side.close();
    }
  }

  /** Writes the traffic while everything happens to the battered side. @returns what became of each record. */
  async #write(
    battered: Side,
    log: Log,
    brokers: readonly KafkaBroker[],
  ): Promise<ReadonlyMap<string, Fate>> {
    const { seed } = this.#schedule;
    const { addresses, topics } = log;
    const { sink } = this.#world;
    const producers = new Producers(seed, addresses, topics);
    try {
      await runSchedule(this.#schedule, {
        group: battered.group,
        brokers,
        traffic: new Traffic(seed),
        producers,
        setStoreMode: battered.setStoreMode,
        setReceiver: (isWell) => {
          sink.answerAlways(({ path }) => (isWell || !path.startsWith(battered.path) ? {} : 'close'));
        },
        addPartition: async (topic) => {
          await addPartition(addresses, topics[topic]);
          producers.forgetPartitions();
        },
        setCodec: (codec) => setCodec(addresses, Object.values(topics), codec),
      });
      return producers.fates;
    } finally {
      await producers.disconnect();
    }
  }

  /** Waits until both sides have done their work, and stops them. */
  async #end(records: readonly CommittedRecord[]): Promise<void> {
    const ends = endsOf(records);
    for (const [name, side] of this.#sides) {
      await poll(async () => (await side.isSettled(ends)) || undefined, {
        timeoutMs: SETTLE_TIMEOUT,
        everyMs: 200,
        what: `end of the work of the ${name} side`,
      });
    }
    // An instance hears of a baseline that another one has learned some seconds later, and then counts once more. Where the
    // counts never become right, the verdict says so.
    for (const { live } of this.#sides.values()) {
      if (live === undefined) continue;
      const areRight = async (): Promise<true | undefined> => {
        const { expected, counted } = await plainCounts(live, records);
        return isEqual(counted, expected) || undefined;
      };
      await poll(areRight, { timeoutMs: TELL_TIMEOUT, everyMs: 500, what: 'right counts' }).catch(
        () => undefined,
      );
    }
    // What the last evaluation found is told behind it. Where the two never become the same, the verdict says how they differ.
    await poll(() => isEqual(this.#ids('battered'), this.#ids('clean')) || undefined, {
      timeoutMs: TELL_TIMEOUT,
      what: 'same messages',
    }).catch(() => undefined);
    for (const [name, { group }] of this.#sides) {
      expect(await group.stopAll(), `daemons of the ${name} side that ended badly`).toEqual([]);
    }
  }

  async #judge(records: readonly CommittedRecord[]): Promise<void> {
    const outcomes = new Map<string, Outcome>();
    for (const [name, side] of this.#sides) {
      const store = await side.open();
      const { expected, counted } = await plainCounts(store, records);
      expect(counted, `events in the profiles of the ${name} side`).toEqual(expected);
      outcomes.set(name, await outcomeOf(store));
    }
    const found = outcomes.get('battered') as Outcome;
    const wanted = outcomes.get('clean') as Outcome;
    // What stands for nothing would be equal as well.
    expect(wanted.transitions.length).toBeGreaterThan(5);
    for (const part of Object.keys(wanted) as Array<keyof Outcome>) {
      expect(found[part], part).toEqual(wanted[part]);
    }
    expect(this.#ids('battered'), 'ids of messages').toEqual(this.#ids('clean'));
    for (const [id, texts] of this.#messages('battered')) {
      expect([...texts], `texts of message ${id}`).toHaveLength(1);
    }
  }

  #ids(side: string): string[] {
    return [...this.#messages(side).keys()].sort();
  }

  #messages(side: string): Map<string, Set<string>> {
    const prefix = this.#sides.get(side)?.path ?? '';
    return messagesById(this.#world.sink.requests.filter(({ path }) => path.startsWith(prefix)));
  }

  /** The daemons to whom everything happened. */
  get group(): DaemonGroup | undefined {
    return this.#sides.get('battered')?.group;
  }

  /** @returns the folder with the logs of all daemons. */
  async saveLogs(): Promise<string> {
    const folder = join(tmpdir(), `driftd-faults-seed-${this.#schedule.seed}`);
    await mkdir(folder, { recursive: true });
    for (const [name, { group }] of this.#sides) {
      for (const [number, log] of group.logs().entries())
        await writeFile(join(folder, `${name}-${number}.log`), log);
    }
    return folder;
  }
}

/** What the broker has taken for good is there, and nothing that was taken back. */
function expectFates(fates: ReadonlyMap<string, Fate>, records: readonly CommittedRecord[]): void {
  const present = new Set(
    records.map(({ value }) => /^\{"record":"([^"]+)"/.exec(value?.toString() ?? '')?.[1] ?? ''),
  );
  const wrong = [...fates].filter(
    ([id, fate]) => fate !== 'unknown' && present.has(id) !== (fate === 'committed'),
  );
  expect(wrong, 'records with another fate than their producer was told').toEqual([]);
}

async function addPartition(addresses: readonly string[], topic: string): Promise<void> {
  await persistently(addresses, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: [topic] });
    const count = (topics[0]?.partitions.length ?? 0) + 1;
    await admin.createPartitions({ topicPartitions: [{ topic, count }] });
  });
}

async function setCodec(
  addresses: readonly string[],
  topics: readonly string[],
  codec: string,
): Promise<void> {
  const configEntries = [{ name: 'compression.type', value: codec }];
  await persistently(addresses, (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      // ConfigResourceTypes.TOPIC
      resources: topics.map((name) => ({ type: 2, name, configEntries })),
    }),
  );
}
