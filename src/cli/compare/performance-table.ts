import type { MetricResult } from '../../metrics/result.ts';
import type { Comparison } from '../../pipeline/compare/comparison.ts';
import { numberText, signedText } from './number-text.ts';

const NAME = 24;
const NUMBER = 11;
const COUNTS = 20;

/** How well the model did on both tables, metric by metric; then those without a value, and why. */
export function performanceLines(
  { reference, current }: NonNullable<Comparison['performance']>,
  dim: (text: string) => string,
): string[] {
  const before = new Map(reference.map((result) => [result.metric, result]));
  const now = new Map(current.map((result) => [result.metric, result]));
  const line = (name: string, cells: readonly string[]): string =>
    `  ${name.padEnd(NAME)}${cells.map((cell, i) => cell.padStart(i === 3 ? COUNTS : NUMBER)).join('')}`;
  const lines = [dim(line('performance', ['reference', 'current', 'change', 'labelled rows']))];
  const without = new Map<string, string[]>();
  for (const metric of new Set([...before.keys(), ...now.keys()])) {
    const [from, to] = [before.get(metric), now.get(metric)];
    const reason = whyNone(to) ?? whyNone(from);
    if (from?.status === 'ok' || to?.status === 'ok') {
      const cells = [scoreText(from), scoreText(to), differenceOf(from, to), labelled(from, to)];
      lines.push(line(metric, cells) + (reason === undefined ? '' : dim(`  ${reason}`)));
    } else if (reason !== undefined) without.set(reason, [...(without.get(reason) ?? []), metric]);
  }
  for (const [reason, metrics] of without) lines.push(dim(`  ${metrics.join(', ')}: ${reason}`));
  return lines;
}

function scoreText(result: MetricResult | undefined): string {
  return result?.status === 'ok' ? numberText(result.value) : '–';
}

function whyNone(result: MetricResult | undefined): string | undefined {
  return result === undefined || result.status === 'ok' ? undefined : result.reason;
}

function differenceOf(from: MetricResult | undefined, to: MetricResult | undefined): string {
  return from?.status === 'ok' && to?.status === 'ok' ? signedText(to.value - from.value) : '';
}

function labelled(from: MetricResult | undefined, to: MetricResult | undefined): string {
  const count = (result: MetricResult | undefined): string => (result?.n ?? 0).toLocaleString('en-US');
  return count(from) === count(to) ? count(to) : `${count(from)} → ${count(to)}`;
}
