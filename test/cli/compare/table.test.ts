import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { comparisonTable } from '../../../src/cli/compare/table.ts';
import { textWidth } from '../../../src/cli/compare/text-width.ts';
import type { Comparison } from '../../../src/pipeline/compare/comparison.ts';
import { exampleComparison } from './example-comparison.ts';

const comparison = exampleComparison();
const PLAIN = { width: 100, colours: false };

function lines(of: Comparison, width = 100): string[] {
  return comparisonTable(of, { width, colours: false }).split('\n');
}

describe('the table of a comparison', () => {
  it('has two lines for each feature, in the given order, and the verdict at the end', () => {
    const table = lines(comparison);
    const starts = comparison.features.map(({ name }) =>
      table.findIndex((line) => new RegExp(`^[! ] ${name.slice(0, 10)}`).test(line)),
    );
    expect(starts[0]).toBe(4);
    for (const [i, start] of starts.slice(1).entries()) expect(start).toBe((starts[i] as number) + 2);
    expect(table.at(-1)).toMatch(/ of \d+ features drifted: /);
  });

  it.each([60, 80, 100, 200])('is aligned and fits a terminal of %i columns, or of 72 at least', (width) => {
    const table = lines(comparison, width);
    const rows = table.slice(3, table.indexOf('', 3));
    for (const row of rows) expect(textWidth(row)).toBeLessThanOrEqual(Math.min(120, Math.max(72, width)));
    const [heading = '', ...features] = rows;
    const picture = heading.indexOf(width < 100 ? 'ref above cur'.slice(0, 11) : 'reference above');
    expect(picture).toBeGreaterThan(0);
    for (const [i, row] of features.entries()) {
      expect(row.slice(picture - 2, picture).trim()).toBe('');
      // Numbers end where their titles do.
      if (i % 2 === 0) expect(row[heading.indexOf('missing') + 6]).toMatch(/[%–]/);
    }
  });

  it('paints on a terminal only', () => {
    expect(comparisonTable(comparison, PLAIN)).not.toContain('\u001b');
    const painted = comparisonTable(comparison, { ...PLAIN, colours: true });
    expect(painted).toContain('\u001b[');
    expect(stripVTControlCharacters(painted).replaceAll(/ +$/gm, '')).toBe(
      comparisonTable(comparison, PLAIN),
    );
  });

  it('shows how well the model did, and why a number is missing', () => {
    const table = lines(comparison);
    expect(table.find((line) => line.startsWith('  accuracy'))).toMatch(
      /0\.\d+ +0\.\d+ +[+-]0\.\d+ +[\d,]+ → [\d,]+/,
    );
  });

  it('lets no name from a file move the cursor', () => {
    const [first] = comparison.features;
    if (first === undefined) throw new Error('no feature');
    const evil = { ...first, name: '\u001b[2Jx\ny', change: 'a\rb' };
    const table = comparisonTable({ ...comparison, features: [evil], notes: ['\u202e'] }, PLAIN);
    expect(table).toContain('\\u001b[2Jx\\u000ay');
    for (const unseen of '\u001b\r\u202e') expect(table).not.toContain(unseen);
  });

  it('shows a hundred features and counts the others', () => {
    const [first] = comparison.features;
    if (first === undefined) throw new Error('no feature');
    const many = Array.from({ length: 1_234 }, (_, i) => ({ ...first, name: `f${i}` }));
    const table = lines({ ...comparison, features: many, multivariate: undefined });
    expect(table.filter((line) => /^! f\d+ /.test(line))).toHaveLength(100);
    expect(table).toContain('  and 1,134 features that moved less');
  });
});
