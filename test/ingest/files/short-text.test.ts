import { describe, expect, it } from 'vitest';
import { shortText } from '../../../src/ingest/files/short-text.ts';

describe('shortText', () => {
  it('shows texts as they are and everything else as JSON, in forty characters', () => {
    expect(shortText('a "b"')).toBe('a "b"');
    expect(shortText({ a: [1, null], b: 'c' })).toBe('{"a":[1,null],"b":"c"}');
    expect(shortText('x'.repeat(50))).toBe(`${'x'.repeat(39)}…`);
    expect(shortText(undefined)).toBe('undefined');
  });

  it('reads what is nested deeper than JSON can be written', () => {
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i += 1) deep = [deep];
    expect(shortText(deep)).toBe('[[["…"]]]');
  });
});
