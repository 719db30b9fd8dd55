import { describe, expect, it } from 'vitest';
import { receiversFor } from '../../src/notify/route.ts';
import { routeOf } from './examples.ts';

const critical = { receiver: 'oncall', matchers: ['severity="critical"'] };
const fraud = { receiver: 'fraud-team', matchers: ['model=~"fraud.*"', 'severity!="info"'] };

describe('receiversFor', () => {
  it('falls back to the receiver at the root', () => {
    const route = routeOf({ receiver: 'default', routes: [critical] });
    expect(receiversFor(route, { severity: 'warning' })).toEqual(['default']);
  });

  it('takes the first route that fits', () => {
    const route = routeOf({ receiver: 'default', routes: [critical, fraud] });
    expect(receiversFor(route, { severity: 'critical', model: 'fraud' })).toEqual(['oncall']);
  });

  it('goes on behind a route that says continue', () => {
    const route = routeOf({ receiver: 'default', routes: [{ ...critical, continue: true }, fraud] });
    expect(receiversFor(route, { severity: 'critical', model: 'fraud' })).toEqual(['oncall', 'fraud-team']);
    expect(receiversFor(route, { severity: 'critical', model: 'churn' })).toEqual(['oncall']);
  });

  it('wants all matchers of a route to fit', () => {
    const route = routeOf({ receiver: 'default', routes: [fraud] });
    expect(receiversFor(route, { severity: 'info', model: 'fraud' })).toEqual(['default']);
  });

  it('names a receiver once when two routes lead to it', () => {
    const route = routeOf({ receiver: 'default', routes: [{ ...critical, continue: true }, critical] });
    expect(receiversFor(route, { severity: 'critical' })).toEqual(['oncall']);
  });

  it('lets a route without matchers take everything', () => {
    const route = routeOf({ receiver: 'default', routes: [{ receiver: 'all' }] });
    expect(receiversFor(route, {})).toEqual(['all']);
  });
});
