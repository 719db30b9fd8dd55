import { setTimeout } from 'node:timers/promises';
import pino from 'pino';
import { expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import { openOutbound } from '../../src/notify/outbound.ts';
import { startResending } from '../../src/notify/resend.ts';
import { createRepeats } from '../../src/notify/sends.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, optionsOf } from './examples.ts';
import { answers, type ReceivedRequest, startReceiver } from './receiver-server.ts';

interface Bench {
  readonly requests: readonly ReceivedRequest[];
  readonly outcomes: readonly string[];
  readonly logged: readonly string[];
  firing: Alert[];
  stop(): Promise<void>;
}

/** An Alertmanager that gives these answers, and a receiver that is asked every few milliseconds what fires. */
async function begin(...statuses: number[]): Promise<Bench> {
  const receiver = await startReceiver(...statuses.map((status) => answers(status)));
  const { alertmanager_configs: configs } = optionsOf({
    receivers: [{ name: 'team', alertmanager_configs: [{ url: `${receiver.url}/am/` }] }],
  }).receivers[0] as { alertmanager_configs: Array<{ resend_interval: number }> };
  expect(configs[0]?.resend_interval).toBe(60_000);
  const options = optionsOf({
    receivers: [
      { name: 'team', alertmanager_configs: [{ url: `${receiver.url}/am/`, resend_interval: '1s' }] },
      { name: 'others', slack_configs: [{ api_url: receiver.url }] },
    ],
  });
  const outbound = openOutbound({ mayCall: () => true, timeout: 5_000, clock: systemClock });
  const repeats = createRepeats(options, { ...outbound, clock: systemClock });
  const outcomes: string[] = [];
  const logged: string[] = [];
  const bench = { requests: receiver.requests, outcomes, logged, firing: [] as Alert[] };
  const resending = startResending(
    new Map([...repeats].map(([key, repeat]) => [key, { ...repeat, every: 5 }])),
    {
      firingFor: (integration) => (integration === 'team/alertmanager/0' ? bench.firing : []),
      log: pino({}, { write: (line: string) => logged.push(JSON.parse(line).msg) }),
      onAttempt: (integration, { kind }) => outcomes.push(`${integration} ${kind}`),
    },
  );
  onTestFinished(async () => {
    await resending.stop();
    await outbound.close();
  });
  return Object.assign(bench, { stop: resending.stop });
}

it('tells Alertmanager at an interval what fires, ever anew, and nothing once it is over', async () => {
  const begun = Date.now();
  const bench = await begin(200);
  bench.firing = [alertOf()];
  await expect.poll(() => bench.requests.length).toBeGreaterThanOrEqual(3);
  bench.firing = [];
  await expect.poll(() => bench.outcomes.length).toBe(bench.requests.length);
  const told = bench.requests.map(({ path, body }) => {
    expect(path).toBe('/am/api/v2/alerts');
    const [alert] = JSON.parse(body) as [{ labels: { feature: string }; startsAt: string; endsAt: string }];
    expect(alert.labels.feature).toBe('amount');
    expect(alert.startsAt).toBe('2026-11-22T08:00:00.000Z');
    return Date.parse(alert.endsAt);
  });
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(new Set(bench.outcomes)).toEqual(new Set(['team/alertmanager/0 sent']));
  // It ends there when it was not told for four intervals.
  expect(told[0]).toBeGreaterThanOrEqual(begun + 4_000);
  expect(told.at(-1)).toBeLessThanOrEqual(Date.now() + 4_000);
});

it('says once that Alertmanager is not told, and once that it is again', async () => {
  const bench = await begin(503, 503, 503, 200);
  bench.firing = [alertOf()];
  await expect.poll(() => bench.requests.length).toBeGreaterThanOrEqual(6);
  expect(bench.logged).toEqual([
    'a receiver is not told what still fires',
    'the receiver is told again what fires',
  ]);
});

it('tells nobody when it has stopped', async () => {
  const bench = await begin(200);
  bench.firing = [alertOf()];
  await expect.poll(() => bench.requests.length).toBeGreaterThan(0);
  await bench.stop();
  // What was on its way when it stopped may still arrive: with its body it is one request at most.
  await setTimeout(50);
  const { length } = bench.requests;
  await setTimeout(50);
  expect(bench.requests.length).toBe(length);
});
