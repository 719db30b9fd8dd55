import { type Computed, defined, undefinedBecause } from '../stats/computed.ts';
import {
  addToRegisters,
  emptyRegisters,
  estimateDistinct,
  mergeRegisters,
} from '../stats/distinct/hyper-log-log.ts';
import type { Cells, WithCells } from './with-cells.ts';

/** What is kept of a categorical feature in one pane. Profiles under the same baseline add up. */
export interface CategoricalProfile {
  readonly kind: 'categorical';
  n: number;
  missing: number;
  invalid: number;
  /** Counts per category of the baseline, in the baseline's order. */
  readonly cells: Float64Array;
  /** Categories that the baseline does not have. */
  readonly extra: Map<string, number>;
  /** Values whose category came after the bound on `extra` was reached. */
  other: number;
  /** A HyperLogLog sketch of the categories behind `other`; empty when there are none. */
  registers: Uint8Array;
}

/** Shared by all profiles in which nothing is behind `other`: most of them. */
const NO_REGISTERS = new Uint8Array(0);

export type CountedCategorical = WithCells<CategoricalProfile, Cells>;

/** @param cells zeros, as many as there are categories. */
export function emptyCategoricalProfile<C extends Cells>(cells: C): WithCells<CategoricalProfile, C> {
  return {
    kind: 'categorical',
    n: 0,
    missing: 0,
    invalid: 0,
    cells,
    extra: new Map(),
    other: 0,
    registers: NO_REGISTERS,
  };
}

/** The category that a raw JSON value stands for; null when missing, undefined when it is of the wrong type. */
export function categoryOf(value: unknown, acceptsNumbers: boolean): string | null | undefined {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (acceptsNumbers && Number.isFinite(value)) return String(value);
  return undefined;
}

/**
 * Counts one category, `count` times. `admit` decides whether a category new to the baseline may still be counted by
 * name; it is asked with the same category every time, so that a bound over a whole chunk can be kept by the caller.
 *
 * @returns the position of the category among the baseline's, or their number when it is none of them.
 */
export function addCategory(
  profile: CountedCategorical,
  positions: ReadonlyMap<string, number>,
  category: string,
  admit: (category: string) => boolean,
  count = 1,
): number {
  profile.n += count;
  const position = positions.get(category);
  if (position !== undefined) profile.cells[position]! += count;
  else if (admit(category)) profile.extra.set(category, (profile.extra.get(category) ?? 0) + count);
  else {
    profile.other += count;
    if (profile.registers.length === 0) profile.registers = emptyRegisters();
    // Under the name that the store would write.
    addToRegisters(profile.registers, category.toWellFormed());
  }
  return position ?? profile.cells.length;
}

/** Adds `part` into `into`. Both must be under the same baseline. */
export function mergeCategorical(into: CategoricalProfile, part: CountedCategorical): void {
  into.n += part.n;
  into.missing += part.missing;
  into.invalid += part.invalid;
  for (let i = 0; i < part.cells.length; i += 1) into.cells[i]! += part.cells[i] as number;
  for (const [category, count] of part.extra)
    into.extra.set(category, (into.extra.get(category) ?? 0) + count);
  into.other += part.other;
  if (part.registers.length === 0) return;
  if (into.registers.length === 0) into.registers = part.registers.slice();
  else mergeRegisters(into.registers, part.registers);
}

/**
 * Number of different categories among the values. Exact while all of them are known by name; else those of the baseline
 * are counted, and the others estimated with the standard error of HyperLogLog.
 *
 * Undefined where values went into `other` before driftd kept a sketch of them.
 */
export function distinctCategories(
  profile: CategoricalProfile,
): Computed<{ readonly value: number; readonly exact: boolean }> {
  const { cells, extra, other, registers } = profile;
  let known = 0;
  for (const count of cells) if (count > 0) known += 1;
  if (other === 0) return defined({ value: known + extra.size, exact: true });
  if (registers.length === 0) {
    return undefinedBecause('values beyond the bound on new categories were counted without their names');
  }
  const all = registers.slice();
  for (const category of extra.keys()) addToRegisters(all, category.toWellFormed());
  // There are as many as there are names, and no more than would be if no two of the other values were alike.
  const estimate = Math.max(extra.size, Math.min(extra.size + other, Math.round(estimateDistinct(all))));
  return defined({ value: known + estimate, exact: false });
}
