import { describe, expect, it } from 'vitest';
import { weakestQuery } from '../../src/http/weakest-query.ts';

const read = (query: string) => weakestQuery(new URLSearchParams(query));

describe('weakestQuery', () => {
  it('reads what is there', () => {
    expect(read('model=fraud')).toEqual({ model: 'fraud' });
    expect(read('model=fraud&version=7&from=2026-11-22&to=2026-11-22T08:00Z')).toEqual({
      model: 'fraud',
      version: '7',
      from: Date.UTC(2026, 10, 22),
      to: Date.UTC(2026, 10, 22, 8),
    });
  });

  it.each([
    ['', 'model: say which model'],
    ['model=fraud&segment=x', 'unknown parameter "segment"; known are model, version, from, to'],
    ['model=fraud&from=yesterday', /^from: expected a day or a time/],
    ['model=fraud&to=', /^to: expected/],
  ])('says what is wrong with "%s"', (query, fault) => {
    expect(read(query)).toEqual({ fault: typeof fault === 'string' ? fault : expect.stringMatching(fault) });
  });
});
