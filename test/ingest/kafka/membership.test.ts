import { expect, it } from 'vitest';
import { Membership } from '../../../src/ingest/kafka/membership.ts';

it('is in doubt before the group was heard, and as soon as a session has passed without it', () => {
  let now = 1_000_000;
  const membership = new Membership(15_000, { now: () => now });
  expect(() => membership.assertCurrent()).toThrow('has not heard of this instance');
  membership.heard();
  now += 14_999;
  membership.assertCurrent();
  now += 1;
  expect(() => membership.assertCurrent()).toThrow('for 15s or longer');
  membership.heard();
  membership.assertCurrent();
});
