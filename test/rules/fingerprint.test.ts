import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fingerprint, transitionId } from '../../src/rules/fingerprint.ts';

describe('fingerprint', () => {
  it('is the same on every machine and for ever', () => {
    expect(fingerprint({ alertname: 'FeatureDrift', model: 'fraud', version: '7', feature: 'amount' })).toBe(
      'e0c76f43431000be',
    );
  });

  it('does not depend on the order of the labels', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (labels) => {
        const reversed = Object.fromEntries(Object.entries(labels).reverse());
        expect(fingerprint(reversed)).toBe(fingerprint(labels));
      }),
    );
  });

  it('tells labels apart that look alike when they are joined', () => {
    expect(fingerprint({ a: 'b,c' })).not.toBe(fingerprint({ a: 'b', c: '' }));
    expect(fingerprint({ a: '1' })).not.toBe(fingerprint({ a: '1', b: '' }));
  });
});

describe('transitionId', () => {
  it('differs by group, alert, instant and target state', () => {
    const ids = [
      transitionId('g', 'a', 1, 'firing'),
      transitionId('h', 'a', 1, 'firing'),
      transitionId('g', 'b', 1, 'firing'),
      transitionId('g', 'a', 2, 'firing'),
      transitionId('g', 'a', 1, 'resolved'),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  });
});
