import { expect, it, onTestFinished } from 'vitest';
import { createLogEnds } from '../../../src/ingest/kafka/log-ends.ts';
import { type KafkaOptions, kafkaSchema } from '../../../src/ingest/kafka/options.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce, withAdmin } from '../../support/kafka.ts';
import { poll } from '../../support/poll.ts';
import { randomName } from '../../support/random-name.ts';

const sockets = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'TCPSocketWrap').length;

/** Waits until the broker has made up its mind who knows the group: on a new one, that takes a while. */
async function coordinated(options: KafkaOptions, topic: string): Promise<void> {
  const logEnds = createLogEnds(options);
  await poll(() => logEnds.position(topic, 0).catch(() => undefined), {
    timeoutMs: 30_000,
    what: 'a broker that knows the group',
  });
  await logEnds.close();
}

describeWithKafka('createLogEnds', () => {
  async function ask() {
    const [topic, group] = [randomName('topic'), randomName('group')];
    await createTopic(topic, 8);
    await produce(topic, [
      { value: 'a', partition: 2 },
      { value: 'b', partition: 2 },
    ]);
    const options = kafkaSchema.parse({
      brokers: await kafkaBrokers(),
      group_id: group,
      predictions: { topic },
    });
    await coordinated(options, topic);
    const logEnds = createLogEnds(options);
    onTestFinished(() => logEnds.close());
    return { topic, group, logEnds };
  }

  it('tells where the group is in a partition, and where that begins', async () => {
    const { topic, group, logEnds } = await ask();
    expect(await logEnds.position(topic, 2)).toEqual({ committed: undefined, low: 0 });
    await withAdmin((admin) =>
      admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 2, offset: '1' }] }),
    );
    const both = [logEnds.position(topic, 2), logEnds.position(topic, 3)];
    expect(await Promise.all(both)).toEqual([
      { committed: 1, low: 0 },
      { committed: undefined, low: 0 },
    ]);
    await withAdmin((admin) =>
      admin.setOffsets({ groupId: group, topic, partitions: [{ partition: 2, offset: '2' }] }),
    );
    expect(await logEnds.position(topic, 2)).toEqual({ committed: 2, low: 0 });
    expect(await logEnds.nonEmptyPartitions()).toEqual([{ topic, partition: 2, end: 2 }]);
  });

  it('connects once, also when it is asked of many partitions at once, and to nobody after it was closed', async () => {
    const { topic, logEnds } = await ask();
    const before = sockets();
    await Promise.all(Array.from({ length: 8 }, (_, partition) => logEnds.position(topic, partition)));
    // kafkajs connects to the address that it was told, and to the broker that it finds there.
    expect(sockets() - before).toBeLessThanOrEqual(2);
    await logEnds.close();
    await expect.poll(() => sockets() - before).toBeLessThanOrEqual(0);
  });
});
