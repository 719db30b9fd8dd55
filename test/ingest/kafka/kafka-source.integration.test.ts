import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { Availability } from '../../../src/base/availability.ts';
import { systemClock } from '../../../src/base/clock.ts';
import { type KafkaSource, startKafkaSource } from '../../../src/ingest/kafka/kafka-source.ts';
import { createLogEnds } from '../../../src/ingest/kafka/log-ends.ts';
import { Membership } from '../../../src/ingest/kafka/membership.ts';
import { kafkaSchema } from '../../../src/ingest/kafka/options.ts';
import {
  createTopic,
  describeWithKafka,
  kafkaBrokers,
  produce,
  randomName,
  withAdmin,
} from '../../support/kafka.ts';
import { poll } from '../../support/poll.ts';

interface Reader {
  readonly source: KafkaSource;
  readonly values: string[];
}

describeWithKafka('startKafkaSource', () => {
  /** Takes down every record that it is given, and commits none. */
  async function read(topic: string, group: string, from: 'earliest' | 'latest'): Promise<Reader> {
    const options = kafkaSchema.parse({
      brokers: await kafkaBrokers(),
      group_id: group,
      from,
      metadata_max_age: '1s',
      predictions: { topic },
    });
    const logEnds = createLogEnds(options);
    onTestFinished(() => logEnds.close());
    const values: string[] = [];
    const source = startKafkaSource(options, {
      logger: pino({ level: 'silent' }),
      availability: new Availability('kafka', () => undefined),
      backoff: { base: 100, max: 1_000, random: () => 0.5 },
      membership: new Membership(options.session_timeout, systemClock),
      open: () => ({
        handle: async ({ records }) => {
          for (let i = 0; i < records.length; i += 1) values.push(String(records.at(i)?.value));
          return true;
        },
        finish: () => Promise.resolve(),
      }),
      unbegun: () => logEnds.unbegun(),
      position: (name, partition) => logEnds.position(name, partition),
      onAssigned: () => undefined,
    });
    onTestFinished(() => source.stop(1_000));
    return { source, values };
  }

  /** By partition; none while the broker that keeps them is not found. */
  function offsetsOf(topic: string, group: string): Promise<number[]> {
    const offsets = withAdmin(async (admin) => {
      const [groupOffsets] = await admin.fetchOffsets({ groupId: group, topics: [topic] });
      return (groupOffsets?.partitions ?? [])
        .sort((a, b) => a.partition - b.partition)
        .map(({ offset }) => Number(offset));
    });
    return offsets.catch(() => []);
  }

  const values = (...texts: string[]) => texts.map((value) => ({ value, partition: 0 }));

  it('begins at the end when it is told to, and loses nothing from there on, a restart before the first record included', async () => {
    const topic = randomName('topic');
    const group = randomName('group');
    await createTopic(topic, 2);
    await produce(topic, values('old', 'older'));
    const first = await read(topic, group, 'latest');
    const begun = async (): Promise<boolean> =>
      (await offsetsOf(topic, group)).filter((offset) => offset >= 0).length === 2;
    await poll(async () => (await begun()) || undefined, {
      timeoutMs: 60_000,
      what: 'offset of both partitions',
    });
    await first.source.stop(1_000);
    await produce(topic, values('while nobody reads'));

    const second = await read(topic, group, 'latest');
    await poll(() => second.values.length > 0 || undefined, { timeoutMs: 30_000, what: 'record' });
    await withAdmin((admin) => admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] }));
    const last = 'in a new partition';
    // kafkajs drops what goes to a partition that it does not know.
    await poll(async () => (await offsetsOf(topic, group)).length === 3 || undefined, {
      timeoutMs: 30_000,
      what: 'third partition',
    });
    await produce(topic, [{ value: last, partition: 2 }]);
    await poll(() => second.values.includes(last) || undefined, { timeoutMs: 30_000, what: last });

    // The group is joined anew for the new partition, and what was not committed comes again.
    expect(new Set([...first.values, ...second.values])).toEqual(new Set(['while nobody reads', last]));
    expect(await offsetsOf(topic, group)).toEqual([2, 0, 0]);
  });

  it('begins where the log begins otherwise, and again there after a restart as long as nothing was committed', async () => {
    const topic = randomName('topic');
    const group = randomName('group');
    await createTopic(topic, 1);
    await produce(topic, values('a', 'b'));
    for (const life of [1, 2]) {
      const { source, values: found } = await read(topic, group, 'earliest');
      await poll(() => found.length >= 2 || undefined, {
        timeoutMs: 30_000,
        what: `records of life ${life}`,
      });
      await source.stop(1_000);
      expect(found).toEqual(['a', 'b']);
    }
    expect(await offsetsOf(topic, group)).toEqual([0]);
  });
});
