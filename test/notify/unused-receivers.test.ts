import { expect, it } from 'vitest';
import { unusedReceivers } from '../../src/notify/unused-receivers.ts';
import { optionsOf } from './examples.ts';

const receivers = ['root', 'child', 'nobody'].map((name) => ({ name }));

it('names the receivers that no route leads to', () => {
  const options = optionsOf({
    receivers,
    route: { receiver: 'root', routes: [{ receiver: 'child', matchers: ['severity="critical"'] }] },
  });
  expect(unusedReceivers(options)).toEqual([
    { path: ['receivers', 2, 'name'], message: 'no route leads to the receiver "nobody"' },
  ]);
});

it('says nothing where there is no route at all, which is a fault of its own', () => {
  expect(unusedReceivers(optionsOf({ receivers }))).toEqual([]);
});
