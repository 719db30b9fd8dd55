import { describe, expect, it } from 'vitest';
import { TEXT_LENGTH } from '../../src/profile/derived/words.ts';
import { learningSampleRow } from '../../src/store/learning-samples.ts';
import { predictionWith } from '../metrics/full-path.ts';

function writtenFeatures(text: string): string {
  const features = JSON.parse(text) as Record<string, unknown>;
  const row = learningSampleRow(predictionWith(features), { topic: 'predictions', partition: 0, offset: 7 });
  const { event } = row as { event: string };
  return JSON.stringify((JSON.parse(event) as { features: unknown }).features);
}

describe('learningSampleRow', () => {
  it('keeps features as they came', () => {
    const text = '{"amount":1.5,"country":"DE","is_new":true,"age":null,"__proto__":3,"half":"\\ud800"}';
    expect(writtenFeatures(text)).toBe(text);
  });

  it('keeps vectors, and of a text as much as is looked at', () => {
    const vector = `{"e":[${Array.from({ length: 1_536 }, (_, i) => i / 7).join(',')}]}`;
    expect(writtenFeatures(vector)).toBe(vector);
    const text = 'word '.repeat(4_000);
    const kept = (JSON.parse(writtenFeatures(JSON.stringify({ text }))) as { text: string }).text;
    expect(kept).toBe(text.slice(0, TEXT_LENGTH));
  });

  it('keeps of what is no valid value only that it is none, however deeply it is nested', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(writtenFeatures(`{"deep":${deep},"object":{"a":1},"list":["a",2],"huge":1e400,"x":1}`)).toBe(
      '{"deep":[],"object":[],"list":[],"huge":[],"x":1}',
    );
  });
});
