import { once } from 'node:events';
import { connect } from 'node:net';
import type { KafkaMessage } from 'kafkajs';
import { expect, it, onTestFinished } from 'vitest';
import {
  createTopic,
  describeWithKafka,
  describeWithOwnBroker,
  kafkaClient,
  produce,
  randomName,
} from './kafka.ts';
import { startBroker } from './kafka-broker.ts';
import { KAFKA_VERSION } from './kafka-jars.ts';
import { poll } from './poll.ts';

async function readAll(topic: string, count: number, from?: readonly string[]): Promise<KafkaMessage[]> {
  const consumer = (await kafkaClient(from)).consumer({ groupId: randomName('group') });
  onTestFinished(() => consumer.disconnect());
  const messages: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic, fromBeginning: true });
  await consumer.run({
    eachMessage: async ({ message }) => {
      messages.push(message);
    },
  });
  return poll(() => (messages.length >= count ? messages : undefined), {
    timeoutMs: 60_000,
    what: `${count} messages`,
  });
}

async function reach(port: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.destroy();
}

describeWithKafka('the shared Kafka broker', () => {
  it('gives back what was produced, a message of five megabytes included', async () => {
    const topic = randomName('topic');
    await createTopic(topic, 2);
    const large = 'x'.repeat(5 * 1024 * 1024);
    await produce(topic, [{ key: 'a', value: 'first' }, { key: 'a', value: null }, { value: large }]);

    const messages = await readAll(topic, 3);

    const values = messages.map((message) => message.value?.toString() ?? null);
    expect(values).toHaveLength(3);
    expect(values).toContain('first');
    expect(values).toContain(null);
    expect(values.filter((value) => value === large)).toHaveLength(1);
  });
});

describeWithOwnBroker(`Kafka ${KAFKA_VERSION} of its own`, () => {
  it('keeps its port and its data over a kill and a restart', async () => {
    const broker = await startBroker();
    onTestFinished(() => broker.stop());
    const topic = randomName('topic');
    await createTopic(topic, 1, broker.brokers);
    await produce(topic, [{ value: 'before' }], broker.brokers);

    await broker.kill();
    await expect(reach(broker.port)).rejects.toThrow('ECONNREFUSED');
    await broker.restart();
    await produce(topic, [{ value: 'after' }], broker.brokers);

    const messages = await readAll(topic, 2, broker.brokers);
    expect(messages.map((message) => message.value?.toString())).toEqual(['before', 'after']);
  });
});
