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

  it('refuses two of the same name', () => {
    const options = optionsOf({
      receivers: [{ name: 'team' }, { name: 'team' }],
      route: { receiver: 'team' },
      retraining: [
        { name: 'pipeline', webhook },
        { name: 'pipeline', webhook },
      ],
    });
    expect(checkNotifyReferences(options).map(({ path }) => path)).toEqual([
      ['receivers', 1, 'name'],
      ['retraining', 1, 'name'],
    ]);
  });

  it('says so when no route leads to the receivers', () => {
    const faults = checkNotifyReferences(optionsOf({ receivers: [{ name: 'team' }] }));
    expect(faults).toEqual([{ path: ['receivers'], message: expect.stringContaining('add a route') }]);
  });
});
