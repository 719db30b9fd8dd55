import { describe, expect, it } from 'vitest';
import { checkNotifyReferences } from '../../src/notify/option-references.ts';
import { optionsOf } from './examples.ts';

const webhook = { url: 'http://x', secret: 's' };

describe('checkNotifyReferences', () => {
  it('finds nothing wrong where every name is known', () => {
    const options = optionsOf({
      receivers: [{ name: 'team' }, { name: 'oncall' }],
      route: { receiver: 'team', routes: [{ receiver: 'oncall' }] },
      retraining: [{ name: 'pipeline', webhook }],
    });
    expect(checkNotifyReferences(options)).toEqual([]);
  });

  it('names an unknown receiver, its place and the nearest one', () => {
    const options = optionsOf({
      receivers: [{ name: 'ml-team' }],
      route: { receiver: 'ml-taem', routes: [{ receiver: 'ml-team' }, { receiver: 'zzz' }] },
    });
    expect(checkNotifyReferences(options)).toEqual([
      { path: ['route', 'receiver'], message: 'unknown receiver "ml-taem"; did you mean "ml-team"?' },
      { path: ['route', 'routes', 1, 'receiver'], message: 'unknown receiver "zzz"' },
    ]);
  });

  it('looks into every nested route, for receivers and for time intervals', () => {
    const options = optionsOf({
      receivers: [{ name: 'team' }],
      time_intervals: [{ name: 'nights', time_intervals: [] }],
      route: {
        receiver: 'team',
        routes: [
          {
            matchers: ['severity="info"'],
            mute_time_intervals: ['nights', 'nihgts'],
            routes: [{ receiver: 'taem', active_time_intervals: ['office'] }],
          },
        ],
      },
    });
    expect(checkNotifyReferences(options)).toEqual([
      {
        path: ['route', 'routes', 0, 'mute_time_intervals', 1],
        message: 'unknown time interval "nihgts"; did you mean "nights"?',
      },
      {
        path: ['route', 'routes', 0, 'routes', 0, 'active_time_intervals', 0],
        message: 'unknown time interval "office"',
      },
      {
        path: ['route', 'routes', 0, 'routes', 0, 'receiver'],
        message: 'unknown receiver "taem"; did you mean "team"?',
      },
    ]);
  });

  it('refuses two of the same name', () => {
    const options = optionsOf({
      receivers: [{ name: 'team' }, { name: 'team' }],
      route: { receiver: 'team' },
      time_intervals: [
        { name: 'nights', time_intervals: [] },
        { name: 'nights', time_intervals: [] },
      ],
      retraining: [
        { name: 'pipeline', webhook },
        { name: 'pipeline', webhook },
      ],
    });
    expect(checkNotifyReferences(options).map(({ path }) => path)).toEqual([
      ['receivers', 1, 'name'],
      ['time_intervals', 1, 'name'],
      ['retraining', 1, 'name'],
    ]);
  });

  it('says so when no route leads to the receivers', () => {
    const faults = checkNotifyReferences(optionsOf({ receivers: [{ name: 'team' }] }));
    expect(faults).toEqual([{ path: ['receivers'], message: expect.stringContaining('add a route') }]);
  });
});
