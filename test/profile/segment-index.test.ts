import { expect, it } from 'vitest';
import { SegmentIndex } from '../../src/profile/segment-index.ts';
import { predictionOf } from '../support/events.ts';

const INDEX = new SegmentIndex(
  ['country', 'device'],
  [
    'country=__other__',
    'device=__other__',
    'country=DE',
    'device=phone',
    'device=__missing__',
    'country=a\\,b',
    'country=DE,device=phone',
    'country=a\\,b,device=__missing__',
  ],
);

it.each([
  [{ country: 'DE', device: 'phone' }, ['country=DE', 'device=phone', 'country=DE,device=phone']],
  [{ country: 'DE' }, ['country=DE', 'device=__missing__']],
  [{ country: 'a,b' }, ['country=a\\,b', 'device=__missing__', 'country=a\\,b,device=__missing__']],
  [{ country: 'XX', device: 'fridge' }, ['country=__other__', 'device=__other__']],
  [{ country: null, device: {} }, ['country=__other__', 'device=__other__']],
  [{ country: '__proto__', device: 'phone' }, ['country=__other__', 'device=phone']],
])('finds one segment for each feature, and the pairs that are known: %j', (features, names) => {
  const count = INDEX.find(predictionOf({ features }));
  expect([...INDEX.found.subarray(0, count)].map((i) => INDEX.names[i])).toEqual(names);
});
