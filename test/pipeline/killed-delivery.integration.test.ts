import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { HOUR, MORNING } from '../support/events.ts';
import { type RecordedRequest, startHttpSink } from '../support/http-sink.ts';
import { startProcess } from '../support/owned-process.ts';
import { storesOfSuite } from '../support/stores.ts';
import { storeHours } from './hours.ts';

const FIXTURE = fileURLToPath(new URL('../support/fixtures/dying-evaluator.ts', import.meta.url));

const rules = (more = ''): string => `
groups:
  - name: inputs
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: Drift, each: feature, when: psi_adjusted > 0.1, for: 1, clear: 1, summary: "{{feature}} drifted"${more} }
`;

/** Every moment between the decision to notify and the record of the answer, in the order in which they come. */
const MOMENTS = [
  'before evaluations',
  'after evaluations',
  'before alert_transitions',
  'after alert_transitions',
  'before notification_log',
  'after notification_log',
  'before notifications:pending',
  'after notifications:pending',
  'while the receiver has the message and has not answered',
  'before notifications:sent',
  'after notifications:sent',
] as const;

/** The same for a request for a new model. */
const MOMENTS_OF_A_REQUEST = [
  'before evaluations',
  'after evaluations',
  'before retrain_requests',
  'after retrain_requests',
  'before retrain_states',
  'after retrain_states',
  'before notifications:pending',
  'after notifications:pending',
  'while the receiver has the message and has not answered',
  'before notifications:sent',
  'after notifications:sent',
] as const;

const stores = storesOfSuite('server');

interface Story {
  readonly moments: readonly string[];
  /** Hours from one kill to the next: each of them has something to tell once. */
  readonly pace: number;
  readonly rules: string;
  readonly options: (sinkUrl: string) => object;
}

const MESSAGES: Story = {
  moments: MOMENTS,
  pace: 1,
  rules: rules(),
  options: (sinkUrl) => ({
    receivers: [{ name: 'team', rate_limit: '1000/1s', webhook_configs: [{ url: `${sinkUrl}/hook` }] }],
    route: { receiver: 'team' },
  }),
};

/** It begins to drift every other hour, and is asked about then. */
const REQUESTS: Story = {
  moments: MOMENTS_OF_A_REQUEST,
  pace: 2,
  rules: rules(', retrain: pipeline'),
  options: (sinkUrl) => ({
    retraining: [
      {
        name: 'pipeline',
        webhook: { url: `${sinkUrl}/retrain`, secret: 'secret' },
        cooldown: '1h',
        max_per_day: 24,
        timeout: '1h',
      },
    ],
  }),
};

it.each([
  ['a message', MESSAGES],
  ['a request for a new model', REQUESTS],
])(
  '%s is sent at least once, and always with the same id, wherever the process is killed',
  async (_, story) => {
    const { moments, pace } = story;
    const hours = (moments.length + 2) * pace;
    const store = await stores.fresh();
    // It drifts in every other hour, so that each instant has something to tell.
    await storeHours(
      store,
      Array.from({ length: hours }, (_, hour) => ({ hour, count: 200, shift: hour % 2 === 0 ? 60 : 0 })),
    );
    const sink = await startHttpSink();
    const folder = await mkdtemp(join(tmpdir(), 'driftd-killed-'));
    onTestFinished(async () => {
      await sink.stop();
      await rm(folder, { recursive: true, force: true });
    });
    await writeFile(join(folder, 'rules.yaml'), story.rules);
    const config = join(folder, 'driftd.yaml');
    await writeFile(
      config,
      JSON.stringify({
        store: stores.options(store.database),
        rules: ['rules.yaml'],
        ...story.options(sink.url),
      }).replace('"request_timeout":20000', '"request_timeout":"20s"'),
    );
    const evaluate = (until: number, moment = '') =>
      startProcess(process.execPath, ['--import', 'tsx', FIXTURE, config, String(until), moment]);

    for (const [i, moment] of moments.entries()) {
      const process = await evaluate(MORNING + (i * pace + 2) * HOUR, moment);
      if (moment.startsWith('while')) {
        sink.answerAlways(() => {
          void process.kill();
          return 'hang';
        });
      }
      expect(await process.exited, moment).toEqual({ code: null, signal: 'SIGKILL' });
      sink.answerAlways({});
    }
    const last = await evaluate(MORNING + hours * HOUR);
    expect(await last.exited).toEqual({ code: 0, signal: null });

    const heard = new Map<string, Set<string>>();
    for (const request of sink.requests) {
      const id = String(request.headers['webhook-id']);
      heard.set(id, (heard.get(id) ?? new Set()).add(contentOf(request)));
    }
    const rows = await store.query<{ id: string; status: string }>(
      'SELECT id, status FROM {database}.notifications FINAL ORDER BY at',
    );
    // One each time, whatever happened on the way.
    const count = hours / pace;
    expect(rows.map(({ status }) => status)).toEqual(Array.from({ length: count }, () => 'sent'));
    expect([...heard.keys()].sort()).toEqual(rows.map(({ id }) => id).sort());
    // An id stands for one event: whoever hears it again hears the same.
    for (const [id, contents] of heard) expect([id, contents.size]).toEqual([id, 1]);
    expect(new Set([...heard.values()].flatMap((contents) => [...contents])).size).toBe(count);
    // And the kills did their part: what was sent and not recorded is sent again.
    expect(sink.requests.length).toBeGreaterThan(count);
  },
  300_000,
);

function contentOf({ body }: RecordedRequest): string {
  return body.toString('utf8');
}
