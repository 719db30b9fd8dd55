import { describe, expect, it } from 'vitest';
import { FEWEST_IN_SEGMENT, MOST_SEGMENTS, SegmentSurvey } from '../../src/profile/segment-survey.ts';
import { predictionOf } from '../support/events.ts';

function surveyOf(features: readonly string[], rows: Iterable<Readonly<Record<string, unknown>>>) {
  const survey = new SegmentSurvey(features);
  for (const row of rows) survey.add(predictionOf({ features: row }));
  return survey.names();
}

function* times(count: number, row: (i: number) => Readonly<Record<string, unknown>>) {
  for (let i = 0; i < count; i += 1) yield row(i);
}

describe('the segments of a baseline', () => {
  it('are values and pairs with enough events, single ones first and the largest first, behind the rest of each feature', () => {
    const { names } = surveyOf(
      ['country', 'device'],
      [
        ...times(150, () => ({ country: 'DE', device: 'phone' })),
        ...times(120, () => ({ country: 'FR', device: 'phone' })),
        ...times(FEWEST_IN_SEGMENT, () => ({ country: 'FR' })),
        ...times(FEWEST_IN_SEGMENT - 1, () => ({ country: 'US', device: 'tablet' })),
      ],
    );
    expect(names).toEqual([
      'country=__other__',
      'device=__other__',
      'device=phone',
      'country=FR',
      'country=DE',
      'device=__missing__',
      'country=DE,device=phone',
      'country=FR,device=phone',
      'country=FR,device=__missing__',
    ]);
  });

  it('are a hundred at most, and the same ones whatever came first', () => {
    const rows = [...times(15_000, (i) => ({ a: i % 120, b: i % 3 }))];
    const { names } = surveyOf(['a', 'b'], rows);
    expect(names.length).toBe(2 + MOST_SEGMENTS);
    expect(names.slice(2, 5)).toEqual(['b=0', 'b=1', 'b=2']);
    expect(names.some((name) => name.includes(','))).toBe(false);
    expect(surveyOf(['a', 'b'], rows.reverse()).names).toEqual(names);
  });

  it('are found among more values than can be counted', () => {
    const { names } = surveyOf(
      ['user'],
      times(60_000, (i) => ({ user: i % 50 === 0 ? 'batch' : `user-${i}` })),
    );
    expect(names).toEqual(['user=__other__', 'user=batch']);
  });

  it('are not made of what has no segment of its own, and never collide with it', () => {
    const { names } = surveyOf(
      ['a', 'b'],
      times(300, (i) => ({ a: i % 2 === 0 ? {} : '__other__', b: 'x' })),
    );
    expect(names).toEqual(['a=__other__', 'b=__other__', 'b=x']);
  });
});
