import { describe, expect, it } from 'vitest';
import { isFeatureName } from '../../src/profile/feature-name.ts';

describe('the name of a feature', () => {
  it('is any well-formed text of 1 to 256 UTF-16 units', () => {
    expect(['a', ' ', '__proto__', '\ud83d\ude00', 'x'.repeat(256)].map(isFeatureName)).toEqual(
      Array(5).fill(true),
    );
    expect(['', '\ud83d', 'a\ude00', 'x'.repeat(257)].map(isFeatureName)).toEqual(Array(4).fill(false));
  });
});
