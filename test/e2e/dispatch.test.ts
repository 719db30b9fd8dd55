import { afterAll, beforeAll, expect, it } from 'vitest';
import type { AlertsBody } from '../../src/notify/webhook-body.ts';
import type { AlertView } from '../../src/pipeline/alert-view.ts';
import type { Store } from '../../src/store/client.ts';
import { type Daemon, startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { startStatementProxy } from '../support/statement-proxy.ts';
import { type Scene, setScene } from './scene.ts';

const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 10 * HOUR;

const RULES = `
groups:
  - name: volume
    models: [fraud]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: FewPredictions, when: predictions < 50, for: 1, clear: 1, summary: "only {{predictions}}" }
`;

/** Where a process is killed: before a table gets its rows, or when it has them and nobody knows. */
const DEATHS = [
  { table: 'notification_log', stage: 'before' },
  { table: 'notification_log', stage: 'after' },
  { table: 'notifications', stage: 'before' },
] as const;

describeWithKafka('driftd run, as for telling people', () => {
  let scene: Scene;

  beforeAll(async () => {
    scene = await setScene();
    await scene.write('rules.yaml', RULES);
  });
  afterAll(async () => {
    await scene?.close();
  });

  /** A topic with so many predictions in each hour, and a few more so that the last hour is over. */
  async function traffic(hours: readonly number[]): Promise<string> {
    const topic = randomName('predictions');
    await createTopic(topic, 1);
    const counts = [...hours, 10];
    const messages = counts.flatMap((count, hour) =>
      Array.from({ length: count }, (_, i) => {
        const share = hour < hours.length ? i / count : i / count / 2;
        const timestamp = START + Math.floor((hour + share) * HOUR);
        const event = {
          model: 'fraud',
          version: '7',
          timestamp,
          features: { amount: i % 17 },
          prediction: 'ok',
        };
        return { value: JSON.stringify(event), timestamp: String(timestamp) };
      }),
    );
    await produce(topic, messages);
    return topic;
  }

  async function configOf(database: string, topic: string, storeUrl: string, route: string): Promise<string> {
    return scene.write(
      `${randomName(database)}.yaml`,
      `
store: { url: "${storeUrl}", database: ${database} }
kafka:
  brokers: [${(await kafkaBrokers()).map((broker) => `"${broker}"`).join(', ')}]
  # A group of its own, so that nobody waits for a member that was killed.
  group_id: ${randomName('driftd')}
  predictions: { topic: ${topic} }
ingest: { flush_interval: 500ms, idle_timeout: 1h }
models: { fraud: { learn: 50 } }
rules: ["${scene.folder}/rules.yaml"]
receivers:
  - name: team
    webhook_configs: [{ url: "${scene.sink.url}/${database}" }]
route: ${route}
http: { port: 0 }
`,
    );
  }

  function received(database: string): Array<{ id: string; body: AlertsBody }> {
    return scene.sink.requests
      .filter(({ path }) => path === `/${database}`)
      .map(({ headers, body }) => ({
        id: String(headers['webhook-id']),
        body: JSON.parse(body.toString('utf8')) as AlertsBody,
      }));
  }

  async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await poll(async () => ((await holds()) ? true : undefined), { timeoutMs: 60_000, what });
  }

  it('tells of a beginning and of an end once, under one id each, when it is killed at every step', async () => {
    const database = randomName('killed');
    const topic = await traffic([100, 100, 10, 100, 100]);
    const deaths: Array<(typeof DEATHS)[number]> = [...DEATHS];
    let daemon: Daemon | undefined;
    const proxy = await startStatementProxy(scene.clickhouse.url, async (table, stage) => {
      const [next] = deaths;
      if (next?.table !== table || next.stage !== stage) return 'pass';
      deaths.shift();
      await daemon?.kill();
      return 'drop';
    });
    try {
      const start = async (): Promise<Daemon> =>
        startDaemon(['run', '--config', await configOf(database, topic, proxy.url, '{ receiver: team }')]);
      for (let left = deaths.length; left > 0; left -= 1) {
        daemon = await start();
        expect(await daemon.exited, daemon.stderr.slice(-20).join('\n')).toMatchObject({ signal: 'SIGKILL' });
        expect(deaths).toHaveLength(left - 1);
      }
      daemon = await start();
      await until('the end of the alert', () =>
        received(database).some(({ body }) => body.data.status === 'resolved'),
      );
      expect(await daemon.stop()).toMatchObject({ code: 0 });
    } finally {
      await proxy.stop();
    }
    const messages = received(database);
    expect(messages.map(({ body }) => [body.type, body.timestamp])).toEqual([
      ['alerts.firing', new Date(START + 3 * HOUR + 30_000).toISOString()],
      ['alerts.resolved', new Date(START + 4 * HOUR).toISOString()],
    ]);
    const store: Store = await scene.open(database);
    const log = await store.query<{ id: string; reason: string; seq: number }>(
      'SELECT notification_id AS id, reason, seq FROM {database}.notification_log FINAL ORDER BY seq',
    );
    expect(log.map(({ reason, seq }) => [reason, seq])).toEqual([
      ['sent_first', 1],
      ['sent_resolved', 2],
    ]);
    expect(messages.map(({ id }) => id)).toEqual(log.map(({ id }) => id));
  }, 240_000);

  it('repeats itself until somebody acknowledges it, says who did, and is quiet while it is silenced', async () => {
    const database = randomName('people');
    const topic = await traffic([100, 100, 10]);
    const route = '{ receiver: team, group_interval: 1s, repeat_interval: 1s }';
    const config = await configOf(database, topic, scene.clickhouse.url, route);
    const daemon = await startDaemon(['run', '--config', config]);
    const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
      url: string;
    };
    const cli = async (...words: string[]): Promise<string> => {
      const ran = await startDaemon([...words, '--config', config], { env: { USER: 'ada' } });
      expect(await ran.exited, ran.stderr.join('\n')).toMatchObject({ code: 0 });
      return ran.stdout.join('\n');
    };
    const alert = async (): Promise<AlertView | undefined> =>
      ((await (await fetch(`${url}/api/v1/alerts`)).json()) as { alerts: AlertView[] }).alerts[0];
    const reasons = async (): Promise<string[]> =>
      (
        (await (await fetch(`${url}/api/v1/alerts/groups`)).json()) as { groups: { reason: string }[] }
      ).groups.map(({ reason }) => reason);
    await until('a message and two repeats', () => received(database).length >= 3);
    expect(new Set(received(database).map(({ id }) => id)).size).toBe(received(database).length);
    expect(await alert()).toMatchObject({ status: 'firing', state: 'active', acknowledgedBy: [] });

    const acknowledgement = await cli('ack', 'add', 'FewPredictions', 'model=fraud', '--comment', 'on it');
    await until('the acknowledgement', async () => (await reasons()).includes('acknowledged'));
    expect(await alert()).toMatchObject({ state: 'active', acknowledgedBy: [acknowledgement] });
    expect(await (await fetch(url)).text()).toContain('acknowledged by ada');
    await cli('ack', 'expire', acknowledgement);

    const silence = await cli('silence', 'add', 'model=~"fr.*"', '--comment', 'migration');
    await until('the silence', async () => (await reasons()).includes('silenced'));
    const before = received(database).length;
    expect(await alert()).toMatchObject({ state: 'suppressed', silencedBy: [silence] });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(/driftd_notifications_suppressed_total\{reason="silenced"\} 1/);
    expect(metrics).toMatch(/driftd_silences\{state="active"\} 1/);
    expect(metrics).toMatch(/driftd_marked_alerts\{state="suppressed"\} 1/);

    // By way of the API this time, as a script would.
    const deleted = await fetch(`${url}/api/v1/silence/${silence}`, { method: 'DELETE' });
    expect(deleted.status).toBe(200);
    await until('the next repeat', () => received(database).length > before);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  }, 120_000);
});
