import { describe, expect, it } from 'vitest';
import { inferKinds, readCell } from '../../../src/ingest/files/column-kinds.ts';

function kindOf(...cells: string[]) {
  return inferKinds(
    ['x'],
    cells.map((cell) => [cell]),
  ).get('x');
}

describe('the kind of a column', () => {
  it('is numeric when every cell that is not empty is a finite number', () => {
    expect(kindOf('1', '-2.5', '', '1e-6', ' 3 ', '.5', '+4', '0')).toBe('numeric');
  });

  it('is categorical as soon as one cell of the sample is no number', () => {
    expect(kindOf('1', '2', 'unknown')).toBe('categorical');
    expect(kindOf('1', '1e999')).toBe('categorical');
    expect(kindOf('1', 'Infinity')).toBe('categorical');
    expect(kindOf('0x10')).toBe('categorical');
  });

  it('does not depend on cells that say there is no value', () => {
    for (const none of ['NA', 'n/a', '#N/A', '<NA>', 'NaN', 'nan', 'NULL', 'null', 'None', ' NA ']) {
      expect(kindOf('1', none, '2.5')).toBe('numeric');
      expect(kindOf('true', none)).toBe('boolean');
      expect(readCell('numeric', none)).toBeNull();
      // Namibia, say.
      expect(kindOf('DE', none)).toBe('categorical');
      expect(readCell('categorical', none)).toBe(none);
    }
    expect(kindOf('NA', 'NaN')).toBe('categorical');
  });

  it('is categorical for codes with leading zeros', () => {
    expect(kindOf('01234', '98765')).toBe('categorical');
  });

  it('is categorical for ids that are too long for a number', () => {
    expect(kindOf('9007199254740993', '1')).toBe('categorical');
    expect(kindOf('9007199254740991', '1')).toBe('numeric');
  });

  it('is boolean when every cell is true or false, in any case', () => {
    expect(kindOf('true', 'False', '', 'TRUE')).toBe('boolean');
    expect(kindOf('true', 'yes')).toBe('categorical');
  });

  it('is categorical when the sample has nothing to tell', () => {
    expect(kindOf('', '', ' ')).toBe('categorical');
    expect(kindOf()).toBe('categorical');
  });
});

describe('a cell', () => {
  it('that is empty or blank is null in every kind', () => {
    for (const kind of ['numeric', 'boolean', 'categorical'] as const) {
      expect(readCell(kind, '')).toBeNull();
      expect(readCell(kind, '  ')).toBeNull();
    }
  });

  it('takes the type of its column', () => {
    expect(readCell('numeric', '1.50')).toBe(1.5);
    expect(readCell('boolean', 'False')).toBe(false);
    expect(readCell('categorical', '1.50')).toBe('1.50');
  });

  it('that does not fit its column stays text', () => {
    expect(readCell('numeric', 'broken')).toBe('broken');
    expect(readCell('boolean', '1')).toBe('1');
  });
});
