import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, conversationKey, type DispatchInput, dispatch } from '../../src/notify/dispatch.ts';
import { dispatchConfig } from '../../src/notify/dispatch-config.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, HOUR, INSTANT, optionsOf, WINDOW } from './examples.ts';

const slack = { api_url: 'https://hooks.slack.com/services/x' };
const quiet = { url: 'https://example.com', send_resolved: false };
const NOW = INSTANT + 2 * 60_000;

function drifted(
  feature: string,
  labels: Readonly<Record<string, string>> = {},
  rest: Partial<Alert> = {},
): AlertEvent {
  return { alert: alertOf({ labels: { feature, ...labels }, ...rest }), at: INSTANT };
}

function over(event: AlertEvent): AlertEvent {
  return { ...event, alert: { ...event.alert, status: 'resolved' } };
}

function input(
  events: readonly AlertEvent[],
  written: object = {},
  change: Partial<DispatchInput> = {},
): DispatchInput {
  const options = {
    receivers: [{ name: 'team', slack_configs: [slack] }],
    route: { receiver: 'team' },
    ...written,
  };
  return {
    time: { now: NOW, horizon: INSTANT, before: undefined },
    events,
    config: dispatchConfig(optionsOf(options)),
    silences: [],
    acknowledgements: [],
    conversations: new Map(),
    waits: () => false,
    link: ({ model }, window) => `https://driftd.example/${model}?to=${window.to}`,
    ...change,
  };
}

/** What was told, as the next step finds it. */
function toldBy(outcome: ReturnType<typeof dispatch>): DispatchInput['conversations'] {
  return new Map(outcome.entries.map((entry) => [conversationKey(entry.receiver, entry.groupKey), entry]));
}

function messages(outcome: ReturnType<typeof dispatch>) {
  return outcome.entries.flatMap(({ notification }) => notification ?? []);
}

describe('dispatch', () => {
  it('makes one message of five hundred features of one model, the worst first', () => {
    const events = Array.from({ length: 500 }, (_, i) =>
      drifted(`f${i}`, {}, { values: { psi: (i * 7) % 500 } }),
    );
    const outcome = dispatch(input(events));
    const [message] = messages(outcome);
    expect(messages(outcome)).toHaveLength(1);
    expect(message?.alerts).toHaveLength(500);
    expect(message?.alerts[0]?.values['psi']).toBe(499);
    expect(message).toMatchObject({
      receiver: 'team/slack/0',
      reason: 'sent_first',
      status: 'firing',
      groupKey: '{}:{model="fraud", version="7"}',
      groupLabels: { model: 'fraud', version: '7' },
      window: WINDOW,
      link: `https://driftd.example/fraud?to=${WINDOW.to}`,
    });
  });

  it('puts several rule groups of one model into one message, and names the newest window', () => {
    const older = { from: WINDOW.from - HOUR, to: WINDOW.to - HOUR };
    const accuracy = { ruleGroup: 'performance', window: older };
    const events = [
      drifted('a'),
      drifted('b', { alertname: 'AccuracyDrop', severity: 'critical' }, accuracy),
    ];
    const [message, ...others] = messages(dispatch(input(events)));
    expect(others).toEqual([]);
    expect(message).toMatchObject({ ruleGroup: 'fraud-inputs, performance', window: WINDOW });
    expect(message?.alerts.map(({ labels }) => labels['alertname'])).toEqual([
      'AccuracyDrop',
      'FeatureDrift',
    ]);
  });

  it('keeps models and versions apart, in an order that does not depend on that of the alerts', () => {
    const events = [
      drifted('a'),
      drifted('b', { version: '8' }),
      drifted('c', { model: 'churn' }),
      drifted('d'),
    ];
    const expected = messages(dispatch(input(events)));
    expect(expected.map(({ groupLabels }) => groupLabels)).toEqual([
      { model: 'churn', version: '7' },
      { model: 'fraud', version: '7' },
      { model: 'fraud', version: '8' },
    ]);
    expect(new Set(expected.map(({ id }) => id)).size).toBe(3);
    fc.assert(
      fc.property(fc.shuffledSubarray(events, { minLength: events.length }), (shuffled) => {
        expect(messages(dispatch(input(shuffled)))).toEqual(expected);
      }),
    );
  });

  it('sends to every integration of every receiver on the way', () => {
    const receivers = [
      { name: 'team', slack_configs: [slack, slack], webhook_configs: [quiet] },
      { name: 'oncall', slack_configs: [slack] },
      { name: 'nobody' },
    ];
    const route = {
      receiver: 'nobody',
      routes: [
        { receiver: 'oncall', matchers: ['severity=critical'], continue: true },
        { receiver: 'team', matchers: ['model=fraud'] },
      ],
    };
    const events = [drifted('a', { severity: 'critical' }), drifted('b'), drifted('c', { model: 'churn' })];
    const sent = messages(dispatch(input(events, { receivers, route })));
    expect(sent.map(({ receiver, alerts }) => `${receiver} ${alerts.length}`).sort()).toEqual([
      'oncall/slack/0 1',
      'team/slack/0 2',
      'team/slack/1 2',
      'team/webhook/0 2',
    ]);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(4);
  });

  it('makes a new category that moves its feature one alert of one message', () => {
    const events = [drifted('country'), drifted('country', { alertname: 'NewCategory' })];
    const outcome = dispatch(input(events));
    expect(messages(outcome).map(({ alerts }) => alerts.map(({ labels }) => labels['alertname']))).toEqual([
      ['NewCategory'],
    ]);
    const [drift, category] = events.map(({ alert }) => alert.fingerprint);
    expect(outcome.marks.get(drift ?? '')).toMatchObject({ inhibitedBy: [category] });
    // With the category back to normal the drift is news.
    const later = [events[0]!, over(events[1]!)];
    const time = { now: NOW + HOUR, horizon: INSTANT + HOUR, before: undefined };
    const [message] = messages(dispatch(input(later, {}, { conversations: toldBy(outcome), time })));
    expect(message?.alerts.map(({ labels, status }) => `${labels['alertname']} ${status}`)).toEqual([
      'FeatureDrift firing',
      'NewCategory resolved',
    ]);
  });

  it.each([
    [{ mute_time_intervals: ['sundays'] }, ['sundays']],
    [{ active_time_intervals: ['mondays'] }, ['mondays']],
    [{ active_time_intervals: ['sundays'], mute_time_intervals: ['mondays'] }, []],
  ])('keeps to the times of a route: %j', (times, mutedBy) => {
    const written = {
      time_intervals: [
        { name: 'sundays', time_intervals: [{ weekdays: ['sunday'] }] },
        { name: 'mondays', time_intervals: [{ weekdays: ['monday'] }] },
      ],
      route: { receiver: 'team', routes: [{ matchers: ['model=fraud'], ...times }] },
    };
    const outcome = dispatch(input([drifted('a')], written));
    expect(outcome.decisions).toMatchObject([
      { reason: mutedBy.length > 0 ? 'muted' : 'sent_first', mutedBy },
    ]);
    expect(messages(outcome)).toHaveLength(mutedBy.length > 0 ? 0 : 1);
  });

  it('lets an integration with send_resolved: false hear of the beginning alone', () => {
    const written = { receivers: [{ name: 'team', webhook_configs: [quiet] }] };
    const first = dispatch(input([drifted('a')], written));
    const next = input([over(drifted('a')), drifted('b')], written, {
      conversations: toldBy(first),
      time: { now: NOW + HOUR, horizon: INSTANT + HOUR, before: undefined },
    });
    const [message] = messages(dispatch(next));
    expect(message?.alerts.map(({ labels }) => labels['feature'])).toEqual(['b']);
  });

  it('gives another id to another step, and to another content of the same step', () => {
    const idOf = (...events: AlertEvent[]) => messages(dispatch(input(events)))[0]?.id;
    const id = idOf(drifted('a'));
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    // Whatever the clock says: a step that is decided again after a crash is the same step.
    const later = input(
      [drifted('a')],
      {},
      { time: { now: NOW + HOUR, horizon: INSTANT, before: undefined } },
    );
    expect(messages(dispatch(later))[0]?.id).toBe(id);
    expect(idOf(drifted('a'), drifted('b'))).not.toBe(id);
    expect(idOf({ ...drifted('a'), at: INSTANT - HOUR })).not.toBe(id);
    const repeat = input(
      [drifted('a')],
      {},
      {
        conversations: toldBy(dispatch(input([drifted('a')]))),
        time: { now: NOW + 4 * HOUR, horizon: INSTANT, before: undefined },
      },
    );
    expect(messages(dispatch(repeat))[0]).toMatchObject({
      reason: 'sent_repeat',
      id: expect.not.stringMatching(id ?? ''),
    });
  });

  it('sends nothing without a route, and forgets whom a route no longer leads to', () => {
    const told = toldBy(dispatch(input([drifted('a')])));
    expect(dispatch(input([drifted('a')], { route: undefined }))).toMatchObject({
      entries: [],
      decisions: [],
    });
    const receivers = [
      { name: 'team', slack_configs: [slack] },
      { name: 'other', slack_configs: [slack] },
    ];
    const moved = dispatch(
      input([drifted('a')], { receivers, route: { receiver: 'other' } }, { conversations: told }),
    );
    expect(
      moved.entries.map(({ receiver, reason, seq, state }) => ({ receiver, reason, seq, told: state.told })),
    ).toEqual([
      { receiver: 'other/slack/0', reason: 'sent_first', seq: 1, told: expect.anything() },
      { receiver: 'team/slack/0', reason: 'rerouted', seq: 2, told: {} },
    ]);
  });
});
