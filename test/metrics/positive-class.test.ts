import { describe, expect, it } from 'vitest';
import { CONVENTIONAL_POSITIVES, conventionalPositive } from '../../src/metrics/positive-class.ts';

describe('conventionalPositive', () => {
  it.each([
    [['true', 'false'], 'true'],
    [['false'], 'true'],
    [['0', '1'], '1'],
    [['1'], '1'],
    [['0', '1', '2'], undefined],
    [['1', 'true'], undefined],
    [['yes', 'no'], undefined],
    [[], undefined],
  ] as const)('of %j is %s', (classes, positive) => {
    expect(conventionalPositive(classes)).toBe(positive);
    if (positive !== undefined) expect(CONVENTIONAL_POSITIVES).toContain(positive);
  });
});
