import { afterAll, beforeAll, expect, it } from 'vitest';
import { webhookHeaders } from '../../src/notify/sign.ts';
import type { RetrainView } from '../../src/pipeline/retraining/retrain-view.ts';
import { startDaemon } from '../support/daemon.ts';
import { createTopic, describeWithKafka, kafkaBrokers, produce } from '../support/kafka.ts';
import { poll } from '../support/poll.ts';
import { randomName } from '../support/random-name.ts';
import { configText, RETRAIN_SECRET, type Scene, setScene } from './scene.ts';

const HOUR = 3_600_000;
const START = Math.floor(Date.now() / HOUR) * HOUR - 10 * HOUR;
const EACH_HOUR = 600;
const ENV = { RETRAIN_SECRET };

const RULES = `
groups:
  - name: inputs
    models: [fraud]
    schedule: "0 * * * *"
    window: 1h
    rules:
      - alert: FeatureDrift
        each: feature
        when: psi_adjusted > 0.1 && q_value < 0.01
        for: 1
        summary: "{{feature}} of {{model}} drifted"
        retrain: fraud-pipeline
`;

/** An hour of predictions; `shift` is added to every amount. */
function eventsOf(hour: number, version: string, shift = 0): Array<{ value: string; timestamp: string }> {
  return Array.from({ length: EACH_HOUR }, (_, i) => {
    const timestamp = START + hour * HOUR + Math.floor((i * HOUR) / EACH_HOUR);
    const features = { amount: ((i * 37) % 100) + shift, country: i % 3 === 0 ? 'DE' : 'FR' };
    const event = { model: 'fraud', version, timestamp, features, prediction: i % 10 === 0 ? 'fraud' : 'ok' };
    return { value: JSON.stringify(event), timestamp: String(timestamp) };
  });
}

describeWithKafka('retraining', () => {
  const topic = randomName('predictions');
  const database = randomName('retraining');
  let scene: Scene;

  beforeAll(async () => {
    scene = await setScene();
    await createTopic(topic, 1);
    await scene.write('rules.yaml', RULES);
    const reference = [-3, -2, -1].flatMap((hour) => eventsOf(hour, '7'));
    await scene.write('reference.ndjson', reference.map(({ value }) => value).join('\n'));
  }, 300_000);

  afterAll(async () => {
    await scene?.close();
  });

  it('goes from a drift, a suggestion and its approval to the comparison of the new version with the old one', async () => {
    const config = await scene.write(
      'driftd.yaml',
      configText({
        storeUrl: scene.clickhouse.url,
        database,
        brokers: await kafkaBrokers(),
        predictions: topic,
        sinkUrl: scene.sink.url,
        rules: `${scene.folder}/rules.yaml`,
        more: 'ingest: { flush_interval: 1s, idle_timeout: 10m, allowed_lateness: 1m }',
      })
        .replace('learn: 3000', 'learn: 1000')
        .replace(
          'secret: "${RETRAIN_SECRET}" }',
          'secret: "${RETRAIN_SECRET}" }\n    callback_secret: "${RETRAIN_SECRET}"\n    mode: suggest',
        ),
    );
    const made = await startDaemon(
      ['baseline', 'create', `${scene.folder}/reference.ndjson`, '--config', config, '--model', 'fraud'],
      { env: ENV },
    );
    expect(await made.exited, made.stderr.join('\n')).toMatchObject({ code: 0 });
    const daemon = await startDaemon(['run', '--config', config], { env: ENV });
    const { url } = (await daemon.waitForLog(({ msg }) => msg === 'driftd listens')) as unknown as {
      url: string;
    };

    // Version 7 drifts in its third hour; the first events of the fourth end that window.
    for (const [hour, shift] of [0, 0, 60, 60].entries()) await produce(topic, eventsOf(hour, '7', shift));
    const suggested = await scene.sink.waitFor(
      ({ body }) => body.toString('utf8').includes('a new model is suggested'),
      90_000,
    );
    const id = /driftd retrain approve ([0-9a-f]{32})/.exec(suggested.body.toString('utf8'))?.[1] ?? '';
    expect(scene.sink.requests.some(({ path }) => path === '/retrain')).toBe(false);

    const approved = await startDaemon(['retrain', 'approve', id, '--author', 'ann', '--config', config], {
      env: ENV,
    });
    expect(await approved.exited, approved.stderr.join('\n')).toMatchObject({ code: 0 });
    const asked = await scene.sink.waitFor(({ path }) => path === '/retrain', 60_000);
    expect(asked.headers['webhook-id']).toBe(id);
    const { data } = JSON.parse(asked.body.toString('utf8'));
    expect(data).toMatchObject({
      id,
      model: 'fraud',
      version: '7',
      callback_url: `${url}/v1/retrains/${id}`,
    });

    const report = async (report: object): Promise<number> => {
      const body = JSON.stringify(report);
      const headers = webhookHeaders({ id: 'm', body, attemptAt: Date.now() }, RETRAIN_SECRET);
      return (await fetch(data.callback_url, { method: 'POST', body, headers })).status;
    };
    expect(await report({ status: 'accepted', run: 'r1' })).toBe(200);
    expect(await report({ status: 'accepted', run: 'r2' })).toBe(409);
    expect(await report({ status: 'succeeded', version: '8' })).toBe(200);

    for (const hour of [4, 5]) await produce(topic, eventsOf(hour, '8', 60));
    await produce(topic, eventsOf(6, '8', 60).slice(0, 10));
    const compared = await scene.sink.waitFor(
      ({ body }) => body.toString('utf8').includes('version 8 beside version 7'),
      90_000,
    );
    expect(compared.body.toString('utf8')).toMatch(/0 of \d+ distributions moved against version 7/);

    const view = await poll(
      async () => {
        const { retrains } = (await (await fetch(`${url}/api/v1/retrains`)).json()) as {
          retrains: RetrainView[];
        };
        return retrains.find(({ state }) => state === 'compared');
      },
      { timeoutMs: 30_000, what: 'a request that was compared' },
    );
    expect(view.steps.map(({ state }) => state).filter((state) => state !== 'sent')).toEqual([
      'suggested',
      'requested',
      'accepted',
      'succeeded',
      'compared',
    ]);
    expect(await (await fetch(url)).text()).toContain('compared');
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as {
      models: Array<{ baseline: string }>;
    };
    expect(status.models[0]?.baseline.split(', ')).toHaveLength(2);
    expect(await daemon.stop()).toMatchObject({ code: 0 });
    const notes = scene.sink.requests.filter(({ body }) => body.toString('utf8').includes('beside version'));
    expect(notes).toHaveLength(1);
    for (const line of daemon.stderr) expect(line).not.toContain(RETRAIN_SECRET);
  }, 300_000);
});
