import type { Transaction } from 'kafkajs';
import { expect, it, onTestFinished } from 'vitest';
import { hideAbortedRecords } from '../../../src/ingest/kafka/aborted-records.ts';
import { createTopic, describeWithKafka, kafkaClient, produce, randomName } from '../../support/kafka.ts';
import { poll } from '../../support/poll.ts';

describeWithKafka('hideAbortedRecords', () => {
  async function begin(): Promise<Transaction> {
    const producer = (await kafkaClient()).producer({
      transactionalId: randomName('tx'),
      maxInFlightRequests: 1,
      idempotent: true,
    });
    await producer.connect();
    onTestFinished(() => producer.disconnect());
    return producer.transaction();
  }

  /** Reads from an offset on until `last` has come. */
  async function readFrom(topic: string, offset: number, last: string): Promise<string[]> {
    const consumer = (await kafkaClient()).consumer({ groupId: randomName('group'), maxWaitTimeInMs: 200 });
    onTestFinished(() => consumer.disconnect());
    await consumer.connect();
    await consumer.subscribe({ topic, fromBeginning: true });
    const values: string[] = [];
    await consumer.run({
      eachMessage: async ({ message }) => {
        values.push(String(message.value));
      },
    });
    consumer.seek({ topic, partition: 0, offset: String(offset) });
    await poll(() => (values.includes(last) ? true : undefined), { timeoutMs: 30_000, what: last });
    return values;
  }

  it('leaves out what was taken back, however transactions overlap and wherever reading begins', async () => {
    hideAbortedRecords();
    const topic = randomName('topic');
    await createTopic(topic, 1);
    const [first, second, third] = [await begin(), await begin(), await begin()];
    const send = (by: Transaction, value: string) => by.send({ topic, messages: [{ value }] });
    await send(first, 'aborted 1a');
    await send(second, 'aborted 2a');
    await send(third, 'kept 3a');
    await send(second, 'aborted 2b');
    await second.abort();
    await send(first, 'aborted 1b');
    await send(third, 'kept 3b');
    await first.abort();
    await third.commit();
    await produce(topic, [{ value: 'last' }]);

    for (const offset of [0, 1, 2, 3, 4, 5]) {
      const kept = ['kept 3a', 'kept 3b', 'last'].slice(offset <= 2 ? 0 : 1);
      expect(await readFrom(topic, offset, 'last'), `from offset ${offset}`).toEqual(kept);
    }
  });
});
