import { expect, it } from 'vitest';
import { judgeTopic, rejectText } from '../../src/pipeline/reject-limit.ts';
import { MINUTE } from '../support/events.ts';

const LIMIT = { share: 0.5, window: 5 * MINUTE, records: 100, severity: 'critical' };

it.each([
  [0, 0, 'normal'],
  // However much of it is rejected, so little begins nothing, and ends nothing.
  [99, 99, 'between'],
  [99, 49, 'normal'],
  [0, 0, 'normal'],
  [100, 100, 'above'],
  [100, 51, 'above'],
  [100, 50, 'between'],
  [1_000, 251, 'between'],
  [1_000, 250, 'normal'],
  [1_000, 0, 'normal'],
] as const)('says of %i records of which %i are rejected: %s', (records, rejected, verdict) => {
  expect(judgeTopic({ records, rejected }, LIMIT)).toBe(verdict);
});

it('never finds more than everything', () => {
  expect(judgeTopic({ records: 1_000, rejected: 1_000 }, { ...LIMIT, share: 1 })).not.toBe('above');
});

it('names the topic, the reason and an example', () => {
  const worst = { reason: 'not_json', partition: 3, offset: 1_234 };
  expect(rejectText({ topic: 'predictions', records: 1_000, rejected: 618, worst }, LIMIT)).toBe(
    '62 % of 1000 records read from predictions in 5m were rejected, mostly as not_json, such as offset 1234 of ' +
      'partition 3; a producer may have changed its format',
  );
});
