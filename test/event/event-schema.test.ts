import Ajv2020 from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventJsonSchema } from '../../src/event/event-schema.ts';
import { validateEvent } from '../../src/event/validate.ts';

const fits = new Ajv2020.default({ allowUnionTypes: true }).compile(eventJsonSchema());

const EVERYTHING = {
  maxAge: Number.POSITIVE_INFINITY,
  maxFuture: Number.POSITIVE_INFINITY,
  knowsModel: () => true,
  positiveClass: () => undefined,
};

function isTaken(payload: unknown): boolean {
  return validateEvent(payload, undefined, EVERYTHING).kind === 'ok';
}

const PREDICTION = {
  prediction_id: '8f2c',
  model: 'fraud',
  version: '7',
  timestamp: '2026-11-22T08:00:00.123Z',
  features: { amount: 129.9, country: 'DE', is_new: true, age: null },
  prediction: 'fraud',
  score: 0.93,
  probabilities: { fraud: 0.93, ok: 0.07 },
};
const LABEL = { prediction_id: '8f2c', model: 'fraud', label: 'ok', timestamp: '2026-11-25T10:00:00Z' };

describe('the schema of events', () => {
  it.each([
    ['a prediction', PREDICTION],
    ['a label', LABEL],
    ['the least of a prediction', { model: 'm', timestamp: 1_795_334_400_000, features: {} }],
    ['a prediction with its label', { ...PREDICTION, label: false }],
    ['numbers for names', { ...PREDICTION, prediction_id: 7, version: 7, prediction: 1.5 }],
    ['keys that nobody knows', { ...PREDICTION, trace: 'x', ...JSON.parse('{"__proto__": 1}') }],
    ['an embedding', { ...PREDICTION, features: { e: [0.1, -2, 3e-9], none: [] } }],
    ['a zone without a colon', { ...LABEL, timestamp: '2026-11-25T10:00+0130' }],
  ])('takes %s, as driftd does', (_, payload) => {
    expect(isTaken(payload)).toBe(true);
    expect(fits(payload)).toBe(true);
  });

  it.each([
    ['no object', 'fraud'],
    ['a list', [PREDICTION]],
    ['no model', { ...PREDICTION, model: undefined }],
    ['an empty model', { ...PREDICTION, model: '' }],
    ['a time without a zone', { ...PREDICTION, timestamp: '2026-11-22T08:00:00' }],
    ['the year 1970', { ...PREDICTION, timestamp: '1970-01-01T00:00:00Z' }],
    ['a second that there is not', { ...PREDICTION, timestamp: '2026-11-22T08:00:61Z' }],
    ['a label without an id', { ...LABEL, prediction_id: undefined }],
    ['an id that is empty', { ...LABEL, prediction_id: '' }],
    ['neither features nor a label', { model: 'm', timestamp: 1_795_334_400_000, prediction_id: 'a' }],
    ['features in a list', { ...PREDICTION, features: [1, 2] }],
    ['features in a text, with a label', { ...LABEL, features: 'none' }],
    ['a prediction that is an object', { ...PREDICTION, prediction: { class: 'fraud' } }],
  ])('refuses %s, as driftd does', (_, payload) => {
    const sent: unknown = JSON.parse(JSON.stringify(payload));
    expect(isTaken(sent)).toBe(false);
    expect(fits(sent)).toBe(false);
  });

  it('refuses a score of the wrong type, which driftd reads as none', () => {
    const payload = { ...PREDICTION, score: 'high' };
    expect(isTaken(payload)).toBe(true);
    expect(fits(payload)).toBe(false);
  });

  it('agrees with driftd on every mixture of good and bad fields', () => {
    const names = [undefined, null, '', 'x'.repeat(256), 'x'.repeat(257), 3, 0.5, true, {}, []];
    const payload = fc.record({
      model: mostly('fraud', names),
      timestamp: mostly('2026-11-22T08:00:00Z', [
        ...[undefined, null, '', 0, -1, 946_684_799_999, 946_684_800_000, 1e15, 8.64e15, 8.65e15, true, {}],
        ...['2026-11-22', '2026-11-22T08:00Z', '2026-11-22T08:00:00,5+01:00', '2026-13-22T08:00Z'],
        ...['2026-11-32T08:00Z', '2026-11-22T25:00Z', '2026-11-22T08:60Z', '1999-12-31T23:59:59Z', 'now'],
      ]),
      prediction_id: mostly('8f2c', [...names, 'x'.repeat(512), 'x'.repeat(513)]),
      version: mostly('7', names),
      features: mostly({ a: 1, b: 'c', d: null, e: false }, [undefined, null, {}, [], 'text', 1]),
      prediction: mostly('ok', names),
      label: mostly('ok', names),
      score: fc.constantFrom(undefined, null, 0.5),
    });
    fc.assert(
      fc.property(payload, (made) => {
        const sent: unknown = JSON.parse(JSON.stringify(made));
        expect(fits(sent)).toBe(isTaken(sent));
      }),
      { numRuns: 5_000 },
    );
  });
});

/** The good value as often as all others together, so that several fields are good at once. */
function mostly(good: unknown, others: readonly unknown[]): fc.Arbitrary<unknown> {
  return fc.oneof(fc.constant(good), fc.constantFrom(...others));
}
