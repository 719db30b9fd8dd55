import { describe, expect, it } from 'vitest';
import { groupLabelsOf, type Route, routesFor, routeTree } from '../../src/notify/route-tree.ts';
import { routeOf } from './examples.ts';

const critical = { receiver: 'oncall', matchers: ['severity="critical"'] };
const fraud = { receiver: 'fraud-team', matchers: ['model=~"fraud.*"', 'severity!="info"'] };

function treeOf(options: object): Route {
  return routeTree(routeOf(options));
}

function receiversFor(root: Route, labels: Readonly<Record<string, string>>): string[] {
  return routesFor(root, labels).map(({ receiver }) => receiver);
}

describe('routesFor', () => {
  it.each<[string, object[], Readonly<Record<string, string>>, string[]]>([
    ['falls back to the root', [critical], { severity: 'warning' }, ['default']],
    [
      'takes the first route that fits',
      [critical, fraud],
      { severity: 'critical', model: 'fraud' },
      ['oncall'],
    ],
    ['wants all matchers to fit', [fraud], { severity: 'info', model: 'fraud' }, ['default']],
    ['lets a route without matchers take everything', [{ receiver: 'all' }], {}, ['all']],
    [
      'goes on behind a route that says continue',
      [{ ...critical, continue: true }, fraud],
      { severity: 'critical', model: 'fraud' },
      ['oncall', 'fraud-team'],
    ],
    [
      'does not fall back when only a route that says continue fits',
      [{ ...critical, continue: true }, fraud],
      { severity: 'critical', model: 'churn' },
      ['oncall'],
    ],
    [
      'takes two routes to one receiver for two',
      [{ ...critical, continue: true }, critical],
      { severity: 'critical' },
      ['oncall', 'oncall'],
    ],
  ])('%s', (_, routes, labels, expected) => {
    expect(receiversFor(treeOf({ receiver: 'default', routes }), labels)).toEqual(expected);
  });

  it('goes as deep as routes fit, and stays where none of those below does', () => {
    const root = treeOf({
      receiver: 'default',
      routes: [
        { ...fraud, routes: [{ ...critical, routes: [{ receiver: 'night', matchers: ['version=7'] }] }] },
      ],
    });
    expect(receiversFor(root, { model: 'fraud', severity: 'warning' })).toEqual(['fraud-team']);
    expect(receiversFor(root, { model: 'fraud', severity: 'critical' })).toEqual(['oncall']);
    expect(receiversFor(root, { model: 'fraud', severity: 'critical', version: '7' })).toEqual(['night']);
    expect(receiversFor(root, { model: 'churn', severity: 'critical' })).toEqual(['default']);
  });

  it('takes what fits below a route that says continue, and then goes on beside it', () => {
    const root = treeOf({
      receiver: 'default',
      routes: [
        { matchers: ['model=fraud'], continue: true, receiver: 'a', routes: [critical] },
        { receiver: 'b' },
      ],
    });
    expect(receiversFor(root, { model: 'fraud', severity: 'critical' })).toEqual(['oncall', 'b']);
  });
});

describe('routeTree', () => {
  const root = treeOf({
    receiver: 'default',
    group_by: ['model'],
    group_wait: '1m',
    routes: [
      {
        ...critical,
        group_interval: '1m',
        mute_time_intervals: ['nights'],
        routes: [{ matchers: ['version="7"'], repeat_interval: '1h' }],
      },
      critical,
      critical,
    ],
  });

  it('lets a route inherit from its parent all but its time intervals', () => {
    const [deepest] = routesFor(root, { severity: 'critical', version: '7' });
    expect(deepest).toMatchObject({
      receiver: 'oncall',
      groupBy: ['model'],
      groupWait: 60_000,
      groupInterval: 60_000,
      repeatInterval: 3_600_000,
      muteTimeIntervals: [],
    });
    expect(root).toMatchObject({ groupInterval: 300_000, repeatInterval: 4 * 3_600_000 });
  });

  it('names a route after the matchers on the way to it, and twins apart', () => {
    const keys = (route: Route): string[] => [route.key, ...route.routes.flatMap(keys)];
    expect(keys(root)).toEqual([
      '{}',
      '{}/{severity="critical"}',
      '{}/{severity="critical"}/{version="7"}',
      '{}/{severity="critical"}#2',
      '{}/{severity="critical"}#3',
    ]);
  });
});

describe('groupLabelsOf', () => {
  const labels = { alertname: 'FeatureDrift', model: 'fraud', feature: 'amount' };

  it('takes the labels that the route names, as far as the alert has them', () => {
    expect(groupLabelsOf(treeOf({ receiver: 'a', group_by: ['model', 'segment'] }), labels)).toEqual({
      model: 'fraud',
    });
    expect(groupLabelsOf(treeOf({ receiver: 'a', group_by: [] }), labels)).toEqual({});
  });

  it('takes all of them for "..."', () => {
    expect(groupLabelsOf(treeOf({ receiver: 'a', group_by: ['...'] }), labels)).toEqual(labels);
  });
});
