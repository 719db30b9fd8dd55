import fc from 'fast-check';
import { type ConfusionMatrix, confusionMatrix } from '../../src/stats/score/confusion.ts';
import { performanceCases } from './conformance-cases.ts';

type Case = readonly [name: string, matrix: ConfusionMatrix, expected: Readonly<Record<string, number>>];

/** The published binary cases, with '1' as the positive class. */
export function binaryCases(): readonly Case[] {
  return performanceCases().binary.map(({ name, labels, scores, threshold, expected }) => {
    const predictions = scores.map((score) => (score >= threshold ? '1' : '0'));
    return [name, matrixOf(predictions, labels.map(String)), expected] as const;
  });
}

export function multiclassCases(): readonly Case[] {
  return performanceCases().multiclass.map(
    ({ name, predictions, labels, expected }) => [name, matrixOf(predictions, labels), expected] as const,
  );
}

export function matrixOf(predictions: readonly string[], labels: readonly string[]): ConfusionMatrix {
  return confusionMatrix(
    labels.map((label, i) => ({ label, prediction: predictions[i] as string, count: 1 })),
  );
}

const name = fc.constantFrom('a', 'b', 'c', 'd');

/** Matrices of up to four classes, empty and one-class ones among them. */
export const anyMatrix: fc.Arbitrary<ConfusionMatrix> = fc
  .array(fc.record({ prediction: name, label: name, count: fc.nat(1_000_000) }), { maxLength: 12 })
  .map(confusionMatrix);
