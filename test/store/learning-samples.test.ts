import { describe, expect, it } from 'vitest';
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

  it('keeps of what is no valid value only that it is none, however deeply it is nested', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(writtenFeatures(`{"deep":${deep},"object":{"a":1},"huge":1e400,"x":1}`)).toBe(
      '{"deep":[],"object":[],"huge":[],"x":1}',
    );
  });
});
