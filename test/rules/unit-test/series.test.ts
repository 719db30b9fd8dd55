import { describe, expect, it } from 'vitest';
import { MAX_SERIES, parseSeries } from '../../../src/rules/unit-test/series.ts';

function valuesOf(text: string): readonly unknown[] | string {
  const parsed = parseSeries(text);
  return 'values' in parsed ? parsed.values : `${parsed.fault.offset} ${parsed.fault.message.split(';')[0]}`;
}

describe('parseSeries', () => {
  it.each([
    ['1', [1]],
    ['0.1 2 -3 +4 .5 1e-6', [0.1, 2, -3, 4, 0.5, 1e-6]],
    ['1x4', [1, 1, 1, 1, 1]],
    ['1x0', [1]],
    ['-2+4x3', [-2, 2, 6, 10]],
    ['1-0.5x2', [1, 0.5, 0]],
    ['1e-6x1', [1e-6, 1e-6]],
    ['_', ['no_data']],
    ['1 _x2 3', [1, 'no_data', 'no_data', 3]],
    ['not_enough_datax2 undefined', ['not_enough_data', 'not_enough_data', 'undefined']],
    ['  0.5\n  0.6  ', [0.5, 0.6]],
  ])('reads %j as promtool does', (text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  it.each([
    ['', '0 the series is empty'],
    ['1 2 three', '4 "three" is no value'],
    ['1x', '0 "1x" is no value'],
    ['1*4', '0 "1*4" is no value'],
    ['_+1x3', '0 "_+1x3" is no value'],
    ['1 stale', '2 "stale" is no value'],
    ['1 2x999999999', `2 a series has at most ${MAX_SERIES} values`],
    ['_x999999999', `0 a series has at most ${MAX_SERIES} values`],
  ])('says what is wrong with %j, and where', (text, fault) => {
    expect(valuesOf(text)).toBe(fault);
  });
});
