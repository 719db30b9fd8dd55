import { describe, expect, it } from 'vitest';
import {
  numberText,
  pValueText,
  shareText,
  signedText,
  valueText,
} from '../../../src/cli/compare/number-text.ts';

describe('numberText', () => {
  it.each([
    [0, '0'],
    [-0, '0'],
    [0.31372549, '0.3137'],
    [41.2, '41.2'],
    [-1234.56, '-1,235'],
    [123456.7, '123,457'],
    [1_795_334_400_000, '1.795e12'],
    [0.0000123456, '1.235e-5'],
    [-9.99996, '-10'],
  ])('writes %d as %s', (value, text) => {
    expect(numberText(value)).toBe(text);
  });

  it('keeps more digits where they are asked for', () => {
    expect(numberText(1_795_334_400_000, 8)).toBe('1.7953344e12');
    expect(numberText(100.0123456, 7)).toBe('100.0123');
  });
});

describe('shareText', () => {
  it.each([
    [0, '0%'],
    [1, '100%'],
    [0.0612, '6.12%'],
    [0.99999, '≥ 99.9%'],
    [0.0000001, '≤ 0.001%'],
    [0.000123, '0.0123%'],
  ])('writes %d as %s', (share, text) => {
    expect(shareText(share)).toBe(text);
  });
});

describe('pValueText', () => {
  it.each([
    [1, '1'],
    [0.5312, '0.53'],
    [0.00123, '0.0012'],
    [0.000999, '0.001'],
    [2.37e-36, '2.4e-36'],
    [0, '≤ 1e-300'],
  ])('writes %d as %s', (p, text) => {
    expect(pValueText(p)).toBe(text);
  });
});

describe('signedText', () => {
  it('has a sign unless there is no difference', () => {
    expect([0.04751, -0.04751, 0].map(signedText)).toEqual(['+0.0475', '-0.0475', '0']);
  });
});

describe('valueText', () => {
  it('writes shares as percentages, q-values as probabilities and distances with three digits', () => {
    const about = { n: 1, baselineN: 1, method: 'any', status: 'ok' } as const;
    expect(valueText({ ...about, metric: 'missing_share', value: 0.05 })).toBe('5%');
    expect(valueText({ ...about, metric: 'q_value', value: 1.23e-9 })).toBe('1.2e-9');
    expect(valueText({ ...about, metric: 'psi', value: 0.123456 })).toBe('0.123');
    expect(valueText({ ...about, metric: 'mean', value: 41.23456 })).toBe('41.23');
  });
});
