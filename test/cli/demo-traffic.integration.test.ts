import { expect, it } from 'vitest';
import { validateEvent } from '../../src/event/validate.ts';
import { startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, kafkaClient } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';

describeWithKafka('driftd demo traffic', () => {
  it('writes valid predictions in real time and stops at its limit', async () => {
    const [predictions, labels] = [randomName('predictions'), randomName('labels')];
    await createTopic(predictions, 2);
    await createTopic(labels, 2);
    const brokers = (await kafkaBrokers()).join(',');
    const ran = await startDaemon([
      'demo',
      'traffic',
      '--brokers',
      brokers,
      '--predictions',
      predictions,
      '--labels',
      labels,
      '--rate',
      '400',
      '--limit',
      '1000',
    ]);
    expect(await ran.exited, ran.stderr.join('\n')).toMatchObject({ code: 0 });
    const values: string[] = [];
    const consumer = (await kafkaClient()).consumer({ groupId: randomName('reader') });
    await consumer.connect();
    await consumer.subscribe({ topic: predictions, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void values.push(String(message.value)) });
    await poll(() => (values.length >= 1_000 ? true : undefined), {
      timeoutMs: 30_000,
      what: 'a thousand predictions',
    });
    await consumer.disconnect();
    const options = {
      maxAge: 60_000,
      maxFuture: 60_000,
      knowsModel: () => true,
      positiveClass: () => undefined,
    };
    for (const value of values.slice(0, 50)) {
      expect(validateEvent(JSON.parse(value), Date.now(), options)).toMatchObject({ kind: 'ok' });
    }
  });
});

it('driftd demo sink answers as Slack and as a retraining target, and prints what it gets', async () => {
  const sink = await startDaemon([
    'demo',
    'sink',
    '--port',
    '0',
    '--secret',
    'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  ]);
  const url = await poll(() => /http:\/\/\S+/.exec(sink.stdout.join('\n'))?.[0], {
    timeoutMs: 20_000,
    what: 'an address',
  });
  const slack = await fetch(`${url}/slack`, { method: 'POST', body: '{"text":"drift"}' });
  expect([slack.status, await slack.text()]).toEqual([200, 'ok']);
  expect((await fetch(`${url}/retrain`, { method: 'POST', body: '{}' })).status).toBe(401);
  expect(await sink.stop()).toMatchObject({ code: 0 });
  expect(sink.stdout.join('\n')).toContain('"text": "drift"');
  expect(sink.stdout.join('\n')).toContain('SIGNATURE WRONG');
});
