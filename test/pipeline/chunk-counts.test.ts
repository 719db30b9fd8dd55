import { expect, it } from 'vitest';
import { ok, reject } from '../../src/base/outcome.ts';
import { ChunkCounts } from '../../src/pipeline/chunk-counts.ts';
import { labelOf, predictionOf } from '../support/events.ts';

it('tells what became of records, and each time what has come since it was last asked', () => {
  const counts = new ChunkCounts();
  expect(counts.news()).toEqual({ records: 0, rejects: new Map() });
  counts.take(0, ok(predictionOf()));
  counts.take(1, reject('not_json', ''));
  counts.take(2, reject('not_json', ''));
  counts.take(3, ok(labelOf({ predictionId: 'a' })));
  expect(counts.news()).toEqual({ records: 4, rejects: new Map([['not_json', { count: 2, offset: 2 }]]) });
  expect(counts.news()).toEqual({ records: 0, rejects: new Map() });
  counts.take(7, reject('no_model', ''));
  counts.take(8, ok(predictionOf()));
  expect(counts.news()).toEqual({ records: 2, rejects: new Map([['no_model', { count: 1, offset: 7 }]]) });
  counts.take(9, reject('not_json', ''));
  expect(counts.news()).toEqual({ records: 1, rejects: new Map([['not_json', { count: 1, offset: 9 }]]) });
  expect(counts).toMatchObject({ records: 7, predictions: 2, labels: 1, rejected: 4 });
  expect(counts.rejectedFor('not_json')).toBe(3);
  expect(counts.rejectedFor('empty')).toBe(0);
});

it('does not tell again what was told before the chunk was read once more', () => {
  const counts = new ChunkCounts(2);
  for (let offset = 0; offset < 4; offset += 1) counts.take(offset, reject('not_json', ''));
  expect(counts.news()).toEqual({ records: 2, rejects: new Map([['not_json', { count: 2, offset: 3 }]]) });
  expect(counts).toMatchObject({ records: 4, rejected: 4 });
});
