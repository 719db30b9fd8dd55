import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isSegmentFeature, partsOf, segmentName, segmentsOf, withPairs } from '../../src/event/segments.ts';
import { predictionOf } from '../support/events.ts';

it('names the segments of the declared features in their order', () => {
  const event = predictionOf({ features: { device: 'phone', age: 3, country: 'DE', is_new: true } });
  expect(segmentsOf(event, ['country', 'device', 'is_new', 'age'])).toEqual([
    'country=DE',
    'device=phone',
    'is_new=true',
    'age=3',
  ]);
});

it('counts what is absent as null, also where objects have such a property by nature', () => {
  const event = predictionOf({ features: { country: null } });
  expect(segmentsOf(event, ['country', 'device', 'toString', '__proto__'])).toEqual([
    'country=__missing__',
    'device=__missing__',
    'toString=__missing__',
    '__proto__=__missing__',
  ]);
});

it.each([[{}], [['DE']], ['x'.repeat(257)], ['\ud800']])('keeps no segment for the value %j', (value) => {
  expect(segmentName('country', value)).toBe('country=__other__');
});

it('makes a segment of each pair of features', () => {
  expect(withPairs(['a=1', 'b=2', 'c=3'])).toEqual(['a=1', 'b=2', 'c=3', 'a=1,b=2', 'a=1,c=3', 'b=2,c=3']);
  expect(withPairs(['a=1'])).toEqual(['a=1']);
  expect(withPairs([])).toEqual([]);
});

it('can be taken apart again, whatever the values are', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (a, b) => {
      const singles = [segmentName('a', a), segmentName('b', b)];
      for (const single of singles) expect(partsOf(single)).toEqual([single]);
      expect(partsOf(withPairs(singles)[2] as string)).toEqual(singles);
    }),
  );
});

it('tells names of features that would make segments ambiguous', () => {
  expect(['country', 'größe', 'a b', 'a=b', 'a,b', 'a\\b', ''].filter(isSegmentFeature)).toEqual([
    'country',
    'größe',
    'a b',
  ]);
});
