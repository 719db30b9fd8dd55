import { rename } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, type Scene, setScene } from './scene.ts';

const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 5 * HOUR;
const WAIT = 60_000;

/** A rule that always holds, also when traffic has ended. */
function rules(group: string, when = 'predictions >= 0'): string {
  return `groups:
  - name: ${group}
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Busy_${group}, when: ${when}, summary: busy in ${group} }]
`;
}

describeWithKafka('a daemon whose files change', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await setScene();
  });
  afterAll(async () => {
    await scene?.close();
  });

  it('puts them into force without a restart, resolves what is gone, and keeps the old when they are wrong', async () => {
    const predictions = randomName('predictions');
    const database = randomName('reload');
    await createTopic(predictions, 1);
    await produce(
      predictions,
      Array.from({ length: 900 }, (_, i) => {
        const timestamp = START + Math.floor((i / 900) * 3 * HOUR);
        const event = {
          model: 'fraud',
          version: '7',
          timestamp,
          features: { amount: i % 50 },
          prediction: 'ok',
        };
        return { value: JSON.stringify(event), timestamp: String(timestamp) };
      }),
    );
    const replace = async (name: string, text: string): Promise<void> => {
      await rename(await scene.write(`${name}.new`, text), `${scene.folder}/${name}`);
    };
    const write = async (path: string): Promise<void> =>
      replace(
        'driftd.yaml',
        configText({
          storeUrl: scene.clickhouse.url,
          database,
          brokers: await kafkaBrokers(),
          predictions,
          sinkUrl: `${scene.sink.url}/${path}`,
          rules: `${scene.folder}/rules.yaml`,
          more: 'ingest: { flush_interval: 1s, idle_timeout: 1s }\nreload: { interval: 200ms }',
        })
          .replace('learn: 3000', 'learn: 100')
          .replace(
            'route: { receiver: ml-team }',
            'route: { receiver: ml-team, group_wait: 0s, group_interval: 1s }',
          )
          .replace('http: { port: 0 }', 'http: { port: 0, enable_lifecycle: true }')
          .replace(/group_id: .*/, `group_id: ${database}`),
      );
    await write('before');
    await replace('rules.yaml', rules('first'));
    const daemon = await startDaemon(['run', '--config', `${scene.folder}/driftd.yaml`], {
      env: { RETRAIN_SECRET },
    });
    const { url } = await daemon.waitForLog(({ msg }) => msg === 'driftd listens');
    const told = (path: string, ...words: string[]) =>
      scene.sink.waitFor(
        (request) =>
          request.path === `/${path}/slack/hook` &&
          words.every((word) => request.body.toString('utf8').includes(word)),
        WAIT,
      );
    const metric = async (name: string): Promise<number> => {
      const text = await (await fetch(`${url as string}/metrics`)).text();
      return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1]);
    };
    const reload = async (): Promise<[number, string]> => {
      const response = await fetch(`${url as string}/-/reload`, { method: 'POST' });
      return [response.status, await response.text()];
    };
    await told('before', 'busy in first');
    const startedAt = await metric('driftd_config_last_reload_success_timestamp_seconds');
    expect(Math.abs(startedAt - Date.now() / 1000)).toBeLessThan(600);

    // Wrong: the old stays, which the log says once however often the files are looked at.
    await replace('rules.yaml', rules('second', 'predictionz > 0'));
    const isRefused = ({ msg }: { readonly msg: string }) => msg.startsWith('configuration not reloaded');
    await daemon.waitForLog(isRefused);
    expect(await metric('driftd_config_last_reload_successful')).toBe(0);
    expect(await reload()).toEqual([500, expect.stringContaining('did you mean "predictions"?')]);
    daemon.signal('SIGHUP');
    await poll(() => (daemon.logs.filter(isRefused).length === 3 ? true : undefined), {
      timeoutMs: WAIT,
      what: 'third refusal',
    });

    // Right, and elsewhere: the group that is gone resolves at the new address, and the new one fires there.
    await write('after');
    await replace('rules.yaml', rules('second'));
    await daemon.waitForLog(({ msg }) => msg === 'configuration reloaded');
    await told('after', 'busy in second');
    await told('after', 'busy in first');
    expect(await metric('driftd_config_last_reload_successful')).toBe(1);
    expect(await metric('driftd_config_last_reload_success_timestamp_seconds')).toBeGreaterThan(startedAt);
    const store = await scene.open(database);
    const transitions = await store.query<{ text: string }>(
      `SELECT DISTINCT concat(rule_group, ' ', to_state, ' ', reason) AS text FROM {database}.alert_transitions
       ORDER BY text`,
    );
    expect(transitions.map(({ text }) => text)).toEqual([
      'first firing condition_met',
      'first resolved rule_gone',
      'second firing condition_met',
    ]);
    expect(await reload()).toEqual([200, 'reloaded\n']);
    expect(daemon.logs.filter(isRefused)).toHaveLength(3);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
  }, 240_000);
});
