import { describe, expect, it } from 'vitest';
import { categoryChart, largestCategories } from '../../../src/cli/compare/html-category-chart.ts';
import { textOf } from './html-elements.ts';

describe('categoryChart', () => {
  it('has the shares of both tables by category, the largest first', () => {
    const chart = categoryChart({ labels: ['b', 'a'], reference: [0.2, 0.8], current: [0.5, 0.5] });
    expect(textOf(chart)).toMatch(/a 80% 50% b 20% 50%$/);
  });

  it('shows a small category that moved among many larger ones, and adds up the others', () => {
    const steady = Array.from({ length: 40 }, (_, i) => `steady ${i}`);
    const chart = categoryChart({
      labels: [...steady, 'new', '(other)'],
      reference: [...steady.map(() => 0.0225), 0, 0.1],
      current: [...steady.map(() => 0.022), 0.02, 0.1],
    });
    expect(chart.match(/<tr>/g)).toHaveLength(15);
    expect(textOf(chart)).toContain('new 0% 2%');
    expect(textOf(chart)).toMatch(/all others 70\.8% 69\.4%$/);
  });
});

describe('largestCategories', () => {
  it('keeps the shares of those that it keeps', () => {
    const picture = { labels: ['a', 'b', 'c'], reference: [0.1, 0.6, 0.3], current: [0.1, 0.3, 0.6] };
    expect(largestCategories(picture, 2)).toEqual({
      labels: ['b', 'c'],
      reference: [0.6, 0.3],
      current: [0.3, 0.6],
    });
  });
});
