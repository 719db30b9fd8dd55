import { describe, expect, it } from 'vitest';
import { ReadingPosition } from '../../../src/ingest/kafka/reading-position.ts';

describe('ReadingPosition', () => {
  it('accepts what goes on where the last batch ended', () => {
    const position = new ReadingPosition(10);
    expect(position.accepts(10)).toBe(true);
    position.moveTo(25);
    expect(position.accepts(25)).toBe(true);
  });

  it('refuses a batch from further on, and takes the right one after it', () => {
    const position = new ReadingPosition(10);
    expect(position.accepts(500)).toBe(false);
    expect(position.next).toBe(10);
    expect(position.accepts(10)).toBe(true);
  });

  it('believes that there is nothing in between when reading again leads to the same place', () => {
    const position = new ReadingPosition(10);
    expect(position.accepts(12)).toBe(false);
    expect(position.accepts(12)).toBe(true);
    position.moveTo(20);
    expect(position.accepts(23)).toBe(false);
  });

  it('refuses what was fetched before somebody went back', () => {
    const position = new ReadingPosition(10);
    position.moveTo(30);
    position.moveTo(10);
    expect(position.accepts(30)).toBe(false);
    expect(position.accepts(10)).toBe(true);
  });
});
