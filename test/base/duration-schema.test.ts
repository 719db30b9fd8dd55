import { describe, expect, it } from 'vitest';
import { durationSchema } from '../../src/base/duration-schema.ts';

describe('durationSchema', () => {
  it('reads durations as milliseconds', () => {
    expect(['30s', '1h30m', '7d', '250ms'].map((text) => durationSchema.parse(text))).toEqual([
      30_000, 5_400_000, 604_800_000, 250,
    ]);
  });

  it.each(['', '5', '5 m', '1.5h', '-1h', '1h5', 'soon'])('says what is expected instead of %j', (text) => {
    const result = durationSchema.safeParse(text);
    expect(result.success).toBe(false);
    expect(result.error?.issues[0]?.message).toContain('30s, 5m, 1h30m or 7d');
  });
});
