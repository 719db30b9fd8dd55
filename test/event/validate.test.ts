import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DriftdEvent, REJECT_REASONS, type RejectReason } from '../../src/event/events.ts';
import { type ValidationOptions, validateEvent } from '../../src/event/validate.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-22T08:00:00Z');

const OPTIONS: ValidationOptions = {
  maxAge: 30 * DAY,
  maxFuture: 3_600_000,
  knowsModel: (model) => model !== 'stranger',
  positiveClass: (model) => (model === 'fraud' ? 'fraud' : undefined),
};

const PREDICTION = { model: 'fraud', timestamp: NOW, features: { amount: 129.9, country: 'DE' } };
const LABEL = { model: 'fraud', timestamp: NOW, prediction_id: '8f2c', label: 'ok' };

function validate(payload: unknown, recordTime: number | undefined = NOW): ReturnType<typeof validateEvent> {
  return validateEvent(payload, recordTime, OPTIONS);
}

function eventOf(payload: unknown, recordTime: number | undefined = NOW): DriftdEvent {
  const outcome = validate(payload, recordTime);
  if (outcome.kind !== 'ok') throw new Error(JSON.stringify(outcome));
  return outcome.value;
}

function reasonFor(payload: unknown, recordTime: number | undefined = NOW): RejectReason | undefined {
  const outcome = validate(payload, recordTime);
  return outcome.kind === 'reject' ? outcome.reason : undefined;
}

describe('a prediction', () => {
  it('has defaults for what need not be said', () => {
    expect(eventOf(PREDICTION)).toEqual({
      kind: 'prediction',
      model: 'fraud',
      version: 'unversioned',
      timestamp: NOW,
      predictionId: undefined,
      features: { amount: 129.9, country: 'DE' },
      prediction: undefined,
      score: undefined,
      label: undefined,
    });
  });

  it('carries all that can be said, and its label inline', () => {
    const payload = {
      ...PREDICTION,
      prediction_id: 17,
      version: 7,
      timestamp: '2026-11-22T08:00:00.123Z',
      prediction: 'fraud',
      score: 0.93,
      label: false,
      trace: { anything: 'else' },
    };
    expect(eventOf(payload)).toMatchObject({
      predictionId: '17',
      version: '7',
      timestamp: NOW + 123,
      prediction: 'fraud',
      score: 0.93,
      label: false,
    });
  });

  it('may have no features at all', () => {
    expect(eventOf({ ...PREDICTION, features: {} })).toMatchObject({ kind: 'prediction', features: {} });
  });

  it('takes features as they are: whether one is missing or invalid is decided elsewhere', () => {
    const features = { a: null, b: [1], c: JSON.parse('1e400') as unknown, d: '\ud800' };
    expect(eventOf({ ...PREDICTION, features })).toMatchObject({ features });
  });

  it('has the probability of the positive class for a score, where there is none', () => {
    const probabilities = { fraud: 0.93, ok: 0.07 };
    const scoreOf = (fields: object): unknown =>
      (eventOf({ ...PREDICTION, ...fields }) as { score?: number }).score;
    expect(scoreOf({ probabilities })).toBe(0.93);
    expect(scoreOf({ probabilities, score: 0.5 })).toBe(0.5);
    expect(scoreOf({ probabilities, score: 'high' })).toBe(0.93);
    expect(scoreOf({ probabilities: { ok: 1 } })).toBeUndefined();
    expect(scoreOf({ probabilities: { fraud: 'much' } })).toBeUndefined();
    expect(scoreOf({ probabilities, model: 'churn' })).toBeUndefined();
    expect(scoreOf({ score: JSON.parse('1e400') })).toBeUndefined();
  });
});

describe('a label', () => {
  it('needs an id and a label, and no features', () => {
    expect(eventOf(LABEL)).toEqual({
      kind: 'label',
      model: 'fraud',
      predictionId: '8f2c',
      label: 'ok',
      timestamp: NOW,
    });
    expect(eventOf({ ...LABEL, features: null, label: 0 })).toMatchObject({ kind: 'label', label: 0 });
  });
});

describe('what is rejected', () => {
  it.each<[RejectReason, string, unknown]>([
    ['wrong_shape', 'a text', 'fraud'],
    ['wrong_shape', 'a list', [PREDICTION]],
    ['wrong_shape', 'null', null],
    ['wrong_shape', 'a number', 7],
    ['no_model', 'an event without a model', { ...PREDICTION, model: undefined }],
    ['no_model', 'an empty model', { ...PREDICTION, model: '' }],
    ['no_model', 'a model that is a number', { ...PREDICTION, model: 7 }],
    ['no_model', 'a model that is only inherited', Object.create(PREDICTION)],
    ['wrong_shape', 'a model with a very long name', { ...PREDICTION, model: 'x'.repeat(257) }],
    ['wrong_shape', 'a model with U+0000 in its name', { ...PREDICTION, model: 'a\0b' }],
    ['unknown_model', 'a model that nobody watches', { ...PREDICTION, model: 'stranger' }],
    ['bad_timestamp', 'an event without a timestamp', { ...PREDICTION, timestamp: undefined }],
    ['too_old', 'the year 1970', { ...PREDICTION, timestamp: '1970-01-01T00:00:00Z' }],
    ['too_old', 'seconds instead of milliseconds', { ...PREDICTION, timestamp: NOW / 1_000 }],
    ['too_old', 'an event much older than its record', { ...PREDICTION, timestamp: NOW - 31 * DAY }],
    ['in_the_future', 'an event much younger than its record', { ...PREDICTION, timestamp: NOW + DAY }],
    ['in_the_future', 'a year that no calendar of ours reaches', { ...PREDICTION, timestamp: 8e15 }],
    ['wrong_shape', 'an empty id', { ...PREDICTION, prediction_id: '' }],
    ['wrong_shape', 'an id that is an object', { ...PREDICTION, prediction_id: {} }],
    ['wrong_shape', 'a very long id', { ...PREDICTION, prediction_id: 'x'.repeat(513) }],
    ['wrong_shape', 'a very long version', { ...PREDICTION, version: 'x'.repeat(257) }],
    ['wrong_shape', 'a version with U+0000 in it', { ...PREDICTION, version: '1\0' }],
    ['wrong_shape', 'a version that is a list', { ...PREDICTION, version: ['7'] }],
    ['wrong_shape', 'a label that is an object', { ...LABEL, label: { class: 'ok' } }],
    ['wrong_shape', 'a very long class name', { ...LABEL, label: 'x'.repeat(257) }],
    ['wrong_shape', 'a number that is no number', { ...LABEL, label: JSON.parse('-1e400') }],
    ['wrong_shape', 'a prediction that is a list', { ...PREDICTION, prediction: [0, 1] }],
    ['wrong_shape', 'features in a list', { ...PREDICTION, features: [1, 2] }],
    ['wrong_shape', 'features in a text', { ...PREDICTION, features: '{}' }],
    ['wrong_shape', 'neither features nor a label', { model: 'fraud', timestamp: NOW, prediction_id: 'a' }],
    ['wrong_shape', 'a label without an id', { ...LABEL, prediction_id: undefined }],
  ])('for %s: %s', (reason, _, payload) => {
    const outcome = validate(payload);
    expect(outcome).toMatchObject({ kind: 'reject', reason, detail: expect.stringMatching(/\w/) });
    expect(REJECT_REASONS).toContain(reason);
  });
});

describe('a timestamp', () => {
  it.each<[unknown, string]>([
    ['2026-11-22T08:00:00Z', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T08:00Z', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T08:00:00.5Z', '2026-11-22T08:00:00.500Z'],
    ['2026-11-22T08:00:00,123456789Z', '2026-11-22T08:00:00.123Z'],
    ['2026-11-22T13:30:00+05:30', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T03:00:00-0500', '2026-11-22T08:00:00.000Z'],
    ['2026-11-22T00:00:00-00:00', '2026-11-22T00:00:00.000Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    [NOW, '2026-11-22T08:00:00.000Z'],
    [NOW + 0.7, '2026-11-22T08:00:00.000Z'],
  ])('of %j is read as %s', (timestamp, expected) => {
    const event = eventOf({ ...PREDICTION, timestamp }, Date.parse(expected));
    expect(new Date(event.timestamp).toISOString()).toBe(expected);
  });

  it.each<unknown>([
    '2026-11-22',
    '2026-11-22T08:00:00',
    '2026-11-22 08:00:00Z',
    '22.11.2026T08:00:00Z',
    '2026-13-22T08:00:00Z',
    '2026-02-30T08:00:00Z',
    '2025-02-29T08:00:00Z',
    '2026-04-31T08:00:00Z',
    '2026-11-22T25:00:00Z',
    '2026-11-22T08:61:00Z',
    '2026-11-22T08:00:00+99:00',
    '+012026-11-22T08:00:00Z',
    'now',
    '',
    ' 2026-11-22T08:00:00Z',
    String(NOW),
    JSON.parse('1e400'),
    8.7e15,
    true,
    null,
    { seconds: 1 },
  ])('is bad: %j', (timestamp) => {
    expect(reasonFor({ ...PREDICTION, timestamp })).toBe('bad_timestamp');
  });

  it('is judged by the record’s time, up to the limits and no further', () => {
    const at = (timestamp: number): RejectReason | undefined => reasonFor({ ...PREDICTION, timestamp });
    expect(at(NOW - OPTIONS.maxAge)).toBeUndefined();
    expect(at(NOW - OPTIONS.maxAge - 1)).toBe('too_old');
    expect(at(NOW + OPTIONS.maxFuture)).toBeUndefined();
    expect(at(NOW + OPTIONS.maxFuture + 1)).toBe('in_the_future');
  });

  it('is not judged by age where no log says when it took the record, but for broken clocks', () => {
    const reason = (timestamp: unknown) => {
      const outcome = validateEvent({ ...PREDICTION, timestamp }, undefined, OPTIONS);
      return outcome.kind === 'reject' ? outcome.reason : undefined;
    };
    expect(reason('2015-01-01T00:00:00Z')).toBeUndefined();
    expect(reason('2099-01-01T00:00:00Z')).toBeUndefined();
    expect(reason('1999-12-31T23:59:59Z')).toBe('too_old');
    expect(reason('2200-01-01T00:00:00Z')).toBe('in_the_future');
  });
});

describe('hostile payloads', () => {
  it('cannot set what they do not have themselves: __proto__ is a key like any other', () => {
    const text = `{"__proto__":{"model":"fraud","label":"ok"},"timestamp":${NOW},"prediction_id":"a"}`;
    expect(reasonFor(JSON.parse(text))).toBe('no_model');
    const features = JSON.parse('{"__proto__":1,"constructor":2,"toString":3}') as object;
    const event = eventOf({ ...PREDICTION, features });
    expect(event.kind === 'prediction' && Object.keys(event.features)).toEqual([
      '__proto__',
      'constructor',
      'toString',
    ]);
    expect(Object.getPrototypeOf(features)).toBe(Object.prototype);
  });

  it('have whole characters in every name: the store takes no halves', () => {
    const half = '\ud83d';
    const event = eventOf({
      ...PREDICTION,
      model: `m${half}`,
      version: half,
      prediction_id: half,
      prediction: half,
      label: half,
    });
    for (const text of Object.values(event)) {
      if (typeof text === 'string') expect(text.isWellFormed()).toBe(true);
    }
    expect(event.model).toBe('m\ufffd');
  });

  it('give an event or a reason, never an exception, whatever JSON they are', () => {
    const field = fc.constantFrom(
      'model',
      'timestamp',
      'features',
      'prediction_id',
      'label',
      'version',
      'score',
    );
    const value = fc.oneof(fc.jsonValue(), fc.constantFrom('fraud', NOW, '2026-11-22T08:00:00Z', {}));
    const payload = fc.oneof(fc.jsonValue(), fc.dictionary(field, value));
    fc.assert(
      fc.property(payload, fc.option(fc.double(), { nil: undefined }), (made, recordTime) => {
        const outcome = validateEvent(made, recordTime, OPTIONS);
        expect(['ok', 'reject']).toContain(outcome.kind);
        if (outcome.kind === 'reject') expect(REJECT_REASONS).toContain(outcome.reason);
      }),
      { numRuns: 2_000 },
    );
  });
});
