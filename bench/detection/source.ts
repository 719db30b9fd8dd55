import type { Random } from '../../src/base/random.ts';
import {
  type Draw,
  lognormal,
  normal,
  pareto,
  poisson,
  sometimes,
  studentT,
  uniformCategory,
  zipfCategory,
} from './draw.ts';

/** A feature of which as many values can be had as one wants. */
export interface Source {
  readonly name: string;
  readonly kind: 'numeric' | 'categorical';
  readonly draw: Draw;
}

/** Values of one feature. NaN is a missing value, and a category is a whole number. */
export type Column = Float64Array;

export function drawColumn({ draw }: Source, rows: number, random: Random, wave = 0): Column {
  const column = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) column[i] = draw(random, wave);
  return column;
}

/** Twenty features: four of each kind. */
export const MIXED: readonly Source[] = [
  ...numbers('normal', [normal(0, 1), normal(100, 15), normal(-5, 0.01), normal(1e6, 1e3)]),
  ...numbers('lognormal', [lognormal(0.25), lognormal(0.5), lognormal(1), lognormal(1.5)]),
  ...categories(
    'categorical',
    [2, 4, 8, 20].map((count) => uniformCategory(count)),
  ),
  ...numbers('heavy', [studentT(2), studentT(3), pareto(1.5), pareto(3)]),
  ...numbers('integer', [poisson(0.5), poisson(3), poisson(12), poisson(50)]),
];

/** Twenty features of one kind each: the four above five times over, and kinds that are harder. */
export const BY_KIND: ReadonlyMap<string, readonly Source[]> = new Map([
  ...['normal', 'lognormal', 'categorical', 'heavy', 'integer'].map(
    (kind) => [kind, repeat(MIXED.filter(({ name }) => name.startsWith(kind)))] as const,
  ),
  [
    'zero-inflated',
    repeat(
      numbers(
        'zeros',
        [0.3, 0.6, 0.9, 0.99].map((zeros) => sometimes(zeros, 0, lognormal(1))),
      ),
    ),
  ],
  [
    'rare categories',
    repeat(
      categories('rare', [
        zipfCategory(100, 1.5),
        zipfCategory(1_000, 1.2),
        zipfCategory(5_000, 1),
        zipfCategory(20_000, 1),
      ]),
    ),
  ],
  ['10 % missing', MIXED.map((source) => ({ ...source, draw: sometimes(0.1, Number.NaN, source.draw) }))],
]);

/**
 * The same twenty kinds for time-ordered data: two of each four keep still, one follows the day weakly (0.3 standard
 * deviations up and down, or about that), one strongly (1).
 */
export const RHYTHMIC: readonly Source[] = [
  ...numbers('normal', [normal(0, 1), normal(100, 15), normal(0, 1, 0.3), normal(0, 1, 1)]),
  ...numbers('lognormal', [lognormal(0.25), lognormal(1.5), lognormal(0.5, 0.3), lognormal(0.5, 1)]),
  ...categories('categorical', [
    uniformCategory(2),
    uniformCategory(20),
    uniformCategory(8, 0.15),
    uniformCategory(4, 0.5),
  ]),
  ...numbers('heavy', [studentT(2), pareto(1.5), studentT(3, 0.3), pareto(3, 0.5)]),
  ...numbers('integer', [poisson(0.5), poisson(12), poisson(12, 0.09), poisson(3, 0.6)]),
];

/** A name for every category that a draw may give. */
export function categoryName(code: number): string {
  return `c${code}`;
}

function numbers(name: string, draws: readonly Draw[]): Source[] {
  return draws.map((draw, i) => ({ name: `${name}-${i}`, kind: 'numeric', draw }));
}

function categories(name: string, draws: readonly Draw[]): Source[] {
  return draws.map((draw, i) => ({ name: `${name}-${i}`, kind: 'categorical', draw }));
}

function repeat(sources: readonly Source[]): Source[] {
  return Array.from({ length: 20 }, (_, i) => {
    const source = sources[i % sources.length] as Source;
    return { ...source, name: `${source.name}-${Math.floor(i / sources.length)}` };
  });
}
