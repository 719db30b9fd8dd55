import { afterAll, beforeAll, expect, it } from 'vitest';
import { pendingRow } from '../../src/notify/outbox-row.ts';
import { toStored } from '../../src/pipeline/outbox.ts';
import { migrate } from '../../src/store/migrate.ts';
import { saveNotifications } from '../../src/store/notifications.ts';
import { notificationOf } from '../notify/examples.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, RULES, type Scene, setScene } from './scene.ts';

const ENV = { RETRAIN_SECRET };
const ID = '0123456789abcdef0123456789abcdef';

interface Listed {
  readonly id: string;
  readonly status: string;
  readonly last_error: string;
}

async function urlOf(daemon: Daemon): Promise<string> {
  const { url } = await daemon.waitForLog(({ msg }) => msg === 'driftd listens');
  return String(url);
}

async function becomes(url: string, status: string): Promise<Listed> {
  return poll(
    async () => {
      const answer = await fetch(`${url}/api/v1/notifications?receiver=ml-team`);
      // While its store is not open, it says so.
      if (answer.status === 503) return undefined;
      const { notifications } = (await answer.json()) as { notifications: Listed[] };
      return notifications.find((one) => one.id === ID && one.status === status);
    },
    { timeoutMs: 60_000, what: `notification that is ${status}` },
  );
}

describeWithKafka('the notifications of a daemon', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  it('are given up, shown, and sent again within seconds when somebody asks', async () => {
    const topic = randomName('predictions');
    const database = randomName('notify');
    await createTopic(topic, 1);
    const config = await scene.write(
      'notify.yaml',
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions: topic,
        sinkUrl: scene.sink.url,
        rules: `${scene.folder}/rules.yaml`,
      }),
    );
    const store = await scene.open(database);
    await migrate(store);
    const notification = notificationOf({ id: ID, receiver: 'ml-team/slack/0', at: Date.now() });
    await saveNotifications(store, [toStored(pendingRow(notification, Date.now()))]);

    scene.sink.answerAlways({ status: 410 });
    const daemon = await startDaemon(['run', '--config', config], { env: ENV });
    const url = await urlOf(daemon);
    expect(await becomes(url, 'dead')).toMatchObject({ last_error: 'answered 410' });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(
      'driftd_notifications_finished_total{receiver="ml-team/slack/0",status="dead"} 1',
    );
    expect(metrics).toContain('driftd_receiver_circuit_open{receiver="ml-team/slack/0"} 0');
    expect(metrics).toContain('driftd_receiver_disabled{receiver="ml-team/slack/0"} 1');
    expect((await fetch(`${url}/api/v1/notifications?status=lost`)).status).toBe(400);

    scene.sink.answerAlways({});
    const retry = await startDaemon(['notify', 'retry', '--all-dead', '--config', config], { env: ENV });
    expect(await retry.exited, retry.stderr.join('\n')).toMatchObject({ code: 0 });
    // A receiver that said that it is gone is asked again once the configuration was read again.
    await daemon.waitForLog(({ msg }) => msg.startsWith('the receiver says that it is gone'));
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    daemon.signal('SIGHUP');
    await becomes(url, 'sent');
    const requests = scene.sink.requests.filter(({ path }) => path === '/slack/hook');
    expect(requests.map(({ body }) => body.toString('utf8') === requests[0]?.body.toString('utf8'))).toEqual([
      true,
      true,
    ]);
    await daemon.stop();
    const told = [...daemon.stderr, metrics].join('\n');
    expect(told).toContain('notification given up');
    expect(told).not.toContain('/slack/hook');
  }, 240_000);
});
