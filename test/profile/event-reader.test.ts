import { describe, expect, it } from 'vitest';
import type { Derivation } from '../../src/profile/derived/derivation.ts';
import { EventReader, featureValue } from '../../src/profile/event-reader.ts';
import { predictionWith } from '../metrics/full-path.ts';

const TEXT: Derivation = { kind: 'text', source: 't', outputs: ['words'], vocabulary: ['a'] };
const TOGETHER: Derivation = {
  kind: 'reconstruction',
  features: ['x', 'y'],
  means: [0, 0],
  deviations: [1, 1],
  vectors: [[1, 0]],
  spans: 'kept',
};

describe('an event reader', () => {
  it('reads what an event brings, and then what is derived, whatever the order of the names', () => {
    const names = ['__multivariate__', 'y', 't.words', 'c', 'x', '__score__'];
    const reader = new EventReader(names, [TOGETHER, TEXT]);
    expect(reader.features).toEqual(['y', 'c', 'x', '__score__', '__multivariate__', 't.words']);
    const event = predictionWith({ x: 7, y: 3, t: 'a b' }, { score: 0.5 });
    expect(reader.read(event)).toBe(6);
    expect(reader.values).toEqual([3, undefined, 7, 0.5, 3, 2]);
    expect(reader.read(predictionWith({ x: 'no', y: 5 }))).toBe(6);
    expect(reader.values).toEqual([5, undefined, 'no', undefined, 5, null]);
  });

  it('leaves the derived ones alone when they are not wanted', () => {
    const reader = new EventReader(['y', 't.words'], [TEXT]);
    expect(reader.read(predictionWith({ y: 1, t: 'a b c' }), false)).toBe(1);
    expect(reader.values[0]).toBe(1);
  });
});

describe('featureValue', () => {
  it('reads features, and the output under its own names', () => {
    const event = predictionWith({ amount: 3, __score__: 7 }, { prediction: 'ok', score: 0.2 });
    expect(featureValue(event, 'amount')).toBe(3);
    expect(featureValue(event, '__prediction__')).toBe('ok');
    expect(featureValue(event, '__score__')).toBe(0.2);
  });

  it('does not find what an event merely inherits', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'absent']) {
      expect(featureValue(predictionWith({}), name)).toBeUndefined();
    }
  });
});
