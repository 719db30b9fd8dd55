import type { KafkaMessage } from 'kafkajs';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { startDaemon } from '../support/daemon.ts';
import {
  createTopic,
  describeWithKafka,
  kafkaBrokers,
  kafkaClient,
  produce,
  withAdmin,
} from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const NOW = Date.now();
const EVENT = JSON.stringify({ model: 'fraud', timestamp: NOW, features: { amount: 1 } });

async function readAll(topic: string, count: number): Promise<KafkaMessage[]> {
  const consumer = (await kafkaClient()).consumer({ groupId: randomName('group') });
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
    what: `${count} dead letters`,
  });
}

function headersOf({ headers = {} }: KafkaMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

describeWithKafka('a dead-letter topic', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  async function configure(predictions: string, letters: string): Promise<string> {
    const database = randomName('letters');
    const text = configText({
      storeUrl: scene.clickhouse.url,
      database,
      brokers: await kafkaBrokers(),
      predictions,
      sinkUrl: scene.sink.url,
      rules: `${scene.folder}/rules.yaml`,
      more: 'ingest: { flush_interval: 1s }',
    });
    const letter = `  dead_letter: { topic: ${letters}, max_bytes: 2000000 }\n`;
    return scene.write(`${database}.yaml`, text.replace('kafka:\n', `kafka:\n${letter}`));
  }

  async function topicOf(name: string, maxMessageBytes?: number): Promise<string> {
    const topic = randomName(name);
    await createTopic(topic, 1);
    if (maxMessageBytes === undefined) return topic;
    await withAdmin((admin) =>
      admin.alterConfigs({
        validateOnly: false,
        resources: [
          {
            // ConfigResourceTypes.TOPIC
            type: 2,
            name: topic,
            configEntries: [{ name: 'max.message.bytes', value: String(maxMessageBytes) }],
          },
        ],
      }),
    );
    return topic;
  }

  it('gets every rejected record as it was, with its place and what was wrong', async () => {
    const [predictions, letters] = [await topicOf('predictions'), await topicOf('letters', 100_000)];
    const daemon = await startDaemon(['run', '--config', await configure(predictions, letters)], {
      env: { RETRAIN_SECRET },
    });
    const timestamp = String(NOW - 60_000);
    const long = `{"model":"fraud","text":"${'x'.repeat(300_000)}"}`;
    await produce(predictions, [
      { value: EVENT },
      { key: 'customer-9', value: 'not json {', timestamp, headers: { trace: 'abc' } },
      { value: null, timestamp },
      // Longer than this topic takes.
      { key: 'k', value: long, timestamp },
      ...Array.from({ length: 2_000 }, () => ({ value: 'again', timestamp })),
      { value: EVENT },
    ]);
    const found = await readAll(letters, 2_003);
    const byOffset = new Map(found.map((message) => [headersOf(message)['__driftd.errors.offset'], message]));
    expect(byOffset.size).toBe(2_003);
    const first = byOffset.get('1') as KafkaMessage;
    expect([String(first.key), String(first.value), first.timestamp]).toEqual([
      'customer-9',
      'not json {',
      timestamp,
    ]);
    expect(headersOf(first)).toMatchObject({
      trace: 'abc',
      '__driftd.errors.topic': predictions,
      '__driftd.errors.partition': '0',
      '__driftd.errors.reason': 'not_json',
      '__driftd.errors.detail': expect.stringContaining('JSON'),
      '__driftd.errors.timestamp': timestamp,
    });
    const second = byOffset.get('2') as KafkaMessage;
    expect([second.key, second.value]).toEqual([null, null]);
    expect(headersOf(second)).toMatchObject({ '__driftd.errors.reason': 'empty' });
    const third = byOffset.get('3') as KafkaMessage;
    expect(String(third.value)).toBe(long.slice(0, 1_024));
    expect(headersOf(third)).toMatchObject({ '__driftd.errors.value.size': String(long.length) });

    const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
      url: string;
    };
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`driftd_dead_letters_total{topic="${predictions}"} 2003`);
    expect(metrics).toContain('driftd_overflow_total{bound="dead_letter_bytes"} 1');
    expect(await (await fetch(`${url}/readyz`)).text()).toContain('dead_letter_topic: ok');
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  });

  it('that is not there ends driftd with a word about what to do, at once and not with the first reject', async () => {
    const predictions = await topicOf('predictions');
    const missing = randomName('missing');
    const daemon = await startDaemon(['run', '--config', await configure(predictions, missing)], {
      env: { RETRAIN_SECRET },
    });
    expect(await daemon.exited).toMatchObject({ code: 2 });
    expect(daemon.stderr.join('\n')).toContain(
      `the dead-letter topic ${missing} does not exist: create it, or leave kafka.dead_letter out`,
    );
  });

  it('that goes away ends driftd, and nothing is committed whose letter it has not got', async () => {
    const [predictions, letters] = [await topicOf('predictions'), await topicOf('letters')];
    const config = await configure(predictions, letters);
    const daemon = await startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    await produce(predictions, [{ value: '{' }]);
    await readAll(letters, 1);
    await withAdmin((admin) => admin.deleteTopics({ topics: [letters] }));
    await produce(predictions, [{ value: '{{' }]);
    expect(await daemon.exited).toMatchObject({ code: 2 });
    expect(daemon.stderr.join('\n')).toContain(`the dead-letter topic ${letters} does not exist`);

    await createTopic(letters, 1);
    const next = await startDaemon(['run', '--config', config], { env: { RETRAIN_SECRET } });
    const found = await readAll(letters, 1);
    expect(found.map(({ value }) => String(value))).toContain('{{');
    expect(await next.stop()).toMatchObject({ code: 0 });
  });
});
