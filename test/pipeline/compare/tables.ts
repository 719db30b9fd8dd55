import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { type CompareRequest, compareFiles } from '../../../src/pipeline/compare/compare-files.ts';
import type { ComparedFeature, Comparison } from '../../../src/pipeline/compare/comparison.ts';
import type { NamedColumns } from '../../../src/pipeline/compare/named-columns.ts';
import { loadRules } from '../../../src/rules/load-rules.ts';
import { temporaryFile } from '../../ingest/files/temporary-file.ts';

/** Columns by name, all of one length; null is an empty cell. In a list, since a column may be called `__proto__`. */
export type Table = ReadonlyArray<readonly [name: string, cells: readonly unknown[]]>;

export const NOTHING_NAMED: NamedColumns = {
  numeric: [],
  categorical: [],
  text: [],
  embedding: [],
  ignore: [],
};

const SHIPPED = join(import.meta.dirname, '../../../rules/default.yaml');

export const shippedRules = loadRules([{ file: SHIPPED, text: readFileSync(SHIPPED, 'utf8') }], {}).groups;

export function csvOf(table: Table): string {
  const rows = table[0]?.[1].length ?? 0;
  const lines = [table.map(([name]) => name)];
  for (let row = 0; row < rows; row += 1) {
    lines.push(table.map(([, cells]) => (cells[row] === null ? '' : String(cells[row]))));
  }
  return `${lines.map((line) => line.join(',')).join('\n')}\n`;
}

/** Missing values are not written: the keys are just not there. */
export function ndjsonOf(table: Table): string {
  const rows = table[0]?.[1].length ?? 0;
  return Array.from({ length: rows }, (_, row) => {
    const pairs = table.flatMap(([name, cells]) =>
      cells[row] === null ? [] : [`${JSON.stringify(name)}:${JSON.stringify(cells[row])}`],
    );
    return `{${pairs.join(',')}}\n`;
  }).join('');
}

export function csvFile(table: Table): string {
  return temporaryFile('table.csv', csvOf(table));
}

/** Compares files under the rules that ship. */
export async function compareThese(
  reference: string,
  current: string,
  options: Partial<NamedColumns> & Partial<Pick<CompareRequest, 'performance' | 'rules'>> = {},
): Promise<Comparison> {
  const { performance = {}, rules = shippedRules, ...named } = options;
  return compareFiles(
    {
      reference: [reference],
      current: [current],
      columns: { ...NOTHING_NAMED, ...named },
      performance,
      rules,
    },
    { signal: new AbortController().signal, onProgress: () => undefined },
  );
}

export async function compareTables(
  reference: Table,
  current: Table,
  options?: Parameters<typeof compareThese>[2],
): Promise<Comparison> {
  return compareThese(csvFile(reference), csvFile(current), options);
}

export function featureOf({ features }: Comparison, name: string): ComparedFeature {
  const found = features.find((feature) => feature.name === name);
  if (found === undefined) throw new Error(`no feature ${name}`);
  return found;
}

export function metricOf(
  feature: ComparedFeature,
  metric: Parameters<ComparedFeature['metrics']['get']>[0],
): number {
  const result = feature.metrics.get(metric);
  if (result?.status !== 'ok') throw new Error(`${feature.name} has no ${metric}: ${result?.reason}`);
  return result.value;
}

export function normals(seed: number, count: number, shift = 0, scale = 1): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => Number((shift + scale * gaussian(random)).toFixed(4)));
}

export function categories(seed: number, count: number, names: readonly string[]): string[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => names[Math.floor(random() * names.length)] as string);
}

export function repeated<T>(value: T, count: number): T[] {
  return new Array<T>(count).fill(value);
}
