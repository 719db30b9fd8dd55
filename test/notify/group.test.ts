import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type GroupingInput, notificationsFor } from '../../src/notify/group.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, fires, INSTANT, receiversOf, resolves, routeOf, transition, WINDOW } from './examples.ts';

const slack = { api_url: 'https://hooks.slack.example/x' };
const quiet = { url: 'https://hook.example/x', send_resolved: false };

function input(change: Partial<GroupingInput>): GroupingInput {
  return {
    transitions: [],
    active: [],
    route: routeOf({ receiver: 'team' }),
    receivers: receiversOf({ name: 'team', slack_configs: [slack] }),
    ruleGroup: 'fraud-inputs',
    instant: INSTANT,
    window: WINDOW,
    link: (labels) => `https://driftd.example/${labels['model'] ?? ''}`,
    ...change,
  };
}

function drifted(feature: string, labels: Record<string, string> = {}): Alert {
  return alertOf({ labels: { feature, ...labels } });
}

describe('notificationsFor', () => {
  it('makes one message of all alerts of a group', () => {
    const alerts = Array.from({ length: 500 }, (_, index) => drifted(`f${index}`));
    const messages = notificationsFor(input({ transitions: alerts.map(fires), active: alerts }));
    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({
      kind: 'alerts',
      receiver: 'team/slack/0',
      status: 'firing',
      groupLabels: { model: 'fraud', version: '7' },
      link: 'https://driftd.example/fraud',
    });
    expect(messages[0]?.alerts).toHaveLength(500);
  });

  it('says nothing when nothing began or ended', () => {
    const alert = drifted('amount');
    const transitions = [
      transition(drifted('a'), 'inactive', 'pending'),
      transition(drifted('b'), 'pending', 'inactive'),
    ];
    expect(notificationsFor(input({ transitions, active: [alert] }))).toEqual([]);
  });

  it('tells of the alerts that go on firing, and not of pending ones', () => {
    const messages = notificationsFor(
      input({
        transitions: [fires(drifted('new'))],
        active: [drifted('new'), drifted('old'), { ...drifted('maybe'), status: 'pending' }],
      }),
    );
    expect(messages[0]?.alerts.map(({ labels }) => labels['feature']).sort()).toEqual(['new', 'old']);
  });

  it('stays firing while one alert of the group fires, and is resolved with the last', () => {
    const [some] = notificationsFor(input({ transitions: [resolves(drifted('a'))], active: [drifted('b')] }));
    expect(some?.status).toBe('firing');
    expect(some?.alerts.map(({ status }) => status)).toEqual(['firing', 'resolved']);
    const [all] = notificationsFor(input({ transitions: [resolves(drifted('a'))] }));
    expect(all?.status).toBe('resolved');
  });

  it('keeps models and versions apart', () => {
    const alerts = [drifted('a'), drifted('a', { version: '8' }), drifted('a', { model: 'churn' })];
    const messages = notificationsFor(input({ transitions: alerts.map(fires), active: alerts }));
    expect(messages.map(({ groupLabels }) => groupLabels)).toEqual([
      { model: 'churn', version: '7' },
      { model: 'fraud', version: '7' },
      { model: 'fraud', version: '8' },
    ]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(3);
  });

  it('groups by the labels that the route names, as far as an alert has them', () => {
    const alerts = [drifted('a'), drifted('b'), drifted('c', { segment: 'DE' })];
    const route = routeOf({ receiver: 'team', group_by: ['segment'] });
    const messages = notificationsFor(input({ transitions: alerts.map(fires), active: alerts, route }));
    expect(messages.map(({ groupLabels, alerts }) => [groupLabels, alerts.length])).toEqual([
      [{ segment: 'DE' }, 1],
      [{}, 2],
    ]);
  });

  it('sends to every integration of every receiver on the way', () => {
    const receivers = receiversOf(
      { name: 'team', slack_configs: [slack, slack], webhook_configs: [quiet] },
      { name: 'oncall', slack_configs: [slack] },
      { name: 'nobody' },
    );
    const route = routeOf({
      receiver: 'nobody',
      routes: [
        { receiver: 'oncall', matchers: ['severity=critical'], continue: true },
        { receiver: 'team', matchers: ['model=fraud'] },
      ],
    });
    const alerts = [drifted('a', { severity: 'critical' }), drifted('b'), drifted('c', { model: 'churn' })];
    const messages = notificationsFor(
      input({ transitions: alerts.map(fires), active: alerts, route, receivers }),
    );
    expect(messages.map(({ receiver, alerts }) => [receiver, alerts.length])).toEqual([
      ['team/slack/0', 2],
      ['team/slack/1', 2],
      ['team/webhook/0', 2],
      ['oncall/slack/0', 1],
    ]);
    expect(new Set(messages.map(({ id }) => id)).size).toBe(4);
  });

  describe('with send_resolved: false', () => {
    const receivers = receiversOf({ name: 'team', webhook_configs: [quiet] });

    it('says nothing about an end', () => {
      const transitions = [resolves(drifted('a'))];
      expect(notificationsFor(input({ transitions, receivers }))).toEqual([]);
      expect(notificationsFor(input({ transitions, receivers, active: [drifted('b')] }))).toEqual([]);
    });

    it('leaves resolved alerts out of a message about others', () => {
      const transitions = [resolves(drifted('a')), fires(drifted('b'))];
      const [message] = notificationsFor(input({ transitions, receivers, active: [drifted('b')] }));
      expect(message?.alerts.map(({ labels }) => labels['feature'])).toEqual(['b']);
    });
  });

  it('sends nothing without a route', () => {
    expect(notificationsFor(input({ transitions: [fires(drifted('a'))], route: undefined }))).toEqual([]);
  });

  it('decides the same whatever order things come in', () => {
    const alerts = ['a', 'b', 'c'].flatMap((feature) => [
      drifted(feature),
      drifted(feature, { model: 'churn' }),
    ]);
    const expected = notificationsFor(input({ transitions: alerts.map(fires), active: alerts }));
    fc.assert(
      fc.property(fc.shuffledSubarray(alerts, { minLength: alerts.length }), (shuffled) => {
        const messages = notificationsFor(input({ transitions: shuffled.map(fires), active: shuffled }));
        expect(messages).toEqual(expected);
      }),
    );
  });

  it('gives the same id for the same labels in another order, and another one at another instant', () => {
    const idAt = (instant: number, groupBy: string[]): string | undefined =>
      notificationsFor(
        input({
          transitions: [fires(drifted('a'))],
          instant,
          route: routeOf({ receiver: 'team', group_by: groupBy }),
        }),
      )[0]?.id;
    expect(idAt(1, ['model', 'version'])).toMatch(/^[0-9a-f]{32}$/);
    expect(idAt(1, ['model', 'version'])).toBe(idAt(1, ['version', 'model']));
    expect(idAt(1, ['model', 'version'])).not.toBe(idAt(2, ['model', 'version']));
  });
});
