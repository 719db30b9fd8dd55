import { describe, expect, it } from 'vitest';
import { miniChart, numericChart } from '../../../src/cli/compare/html-chart.ts';

const RANGE = {
  labels: ['up to 10', '10 .. 20', '20 .. 30', 'above 30'],
  reference: [0.25, 0.25, 0.25, 0.25],
  current: [0, 0.5, 0.4, 0.1],
};
const POINTS = {
  labels: ['-1', '0', '1', '2 .. 4'],
  reference: [0.5, 0.5, 0, 0],
  current: [0.2, 0.2, 0.2, 0.4],
};

/** The values along the axis, by their place in percent. */
function ticksOf(chart: string): Record<string, string> {
  return Object.fromEntries(
    [...chart.matchAll(/<text[^>]* x="([\d.]+)%"[^>]*>([^<]*)</g)].map(([, x, text]) => [x, text]),
  );
}

describe('numericChart', () => {
  it('writes the bounds between cells where they are, and none where a cell is open', () => {
    expect(ticksOf(numericChart(RANGE, ''))).toEqual({ 25: '10', 50: '20', 75: '30' });
  });

  it('writes single values below their bars', () => {
    expect(ticksOf(numericChart(POINTS, ''))).toEqual({ 12.5: '-1', 37.5: '0', 62.5: '1', 87.5: '2 .. 4' });
  });

  it('draws both samples on one scale, whose top is a round share', () => {
    const chart = numericChart(RANGE, '');
    expect(chart).toContain('50% of values');
    expect(chart).toContain('d="M0 200V200H160V0H320V40H480V160H640V200Z"');
    expect(chart).toContain('d="M0 200V100H160V100H320V100H480V100H640V200Z"');
  });

  it('says the shares of the cell that is pointed at', () => {
    expect(numericChart(RANGE, '')).toContain('<title>10 .. 20: reference 25%, current 50%</title>');
  });

  it('draws a sample without values, and a single cell', () => {
    const chart = numericChart({ labels: ['7'], reference: [1], current: [0] }, 'nothing <left>');
    expect(chart).toContain('<desc>nothing &lt;left&gt;</desc>');
    expect(ticksOf(chart)).toEqual({ 50: '7' });
    expect(numericChart({ labels: ['7'], reference: [0], current: [0] }, '')).not.toMatch(/NaN|Infinity/);
  });
});

describe('miniChart', () => {
  it('leaves gaps between categories and single values, and none between ranges', () => {
    const bars = (chart: string): number =>
      (chart.match(/class="ref" d="([^"]*)"/)?.[1] ?? '').split('Z').length - 1;
    expect(bars(miniChart(RANGE, 'numeric', ''))).toBe(1);
    expect(bars(miniChart(POINTS, 'numeric', ''))).toBe(4);
    expect(bars(miniChart(RANGE, 'categorical', ''))).toBe(4);
  });
});
