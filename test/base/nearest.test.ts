import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/base/nearest.ts';

describe('nearest', () => {
  it('finds the word that was most likely meant', () => {
    expect(nearest('psy', ['ks', 'psi', 'psi_adjusted'])).toBe('psi');
    expect(nearest('psi_adjustd', ['ks', 'psi', 'psi_adjusted'])).toBe('psi_adjusted');
  });

  it('forgives two letters in the wrong order, also in short words', () => {
    expect(nearest('knid', ['mean', 'kind'])).toBe('kind');
    expect(nearest('wehn', ['when'])).toBe('when');
  });

  it('does not mind capitals', () => {
    expect(nearest('PSI', ['ks', 'psi'])).toBe('psi');
  });

  it('takes the first of several equally near ones', () => {
    expect(nearest('ab', ['ac', 'ad'])).toBe('ac');
  });

  it('finds nothing when more than a third of the letters differ', () => {
    expect(nearest('accuracy', ['precision', 'recall'])).toBeUndefined();
    expect(nearest('abc', ['axy'])).toBeUndefined();
    expect(nearest('abc', [])).toBeUndefined();
  });

  it('allows one wrong letter in the shortest words', () => {
    expect(nearest('k', ['ks'])).toBe('ks');
  });
});

describe('didYouMean', () => {
  it('asks about the nearest word, or says nothing', () => {
    expect(didYouMean('psy', ['psi'])).toBe('; did you mean "psi"?');
    expect(didYouMean('accuracy', ['psi'])).toBe('');
  });
});
