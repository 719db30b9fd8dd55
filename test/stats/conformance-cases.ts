import { readFileSync } from 'node:fs';

export interface NumericCase {
  readonly name: string;
  readonly reference: readonly number[];
  readonly current: readonly number[];
  readonly expected: BinnedExpectation & {
    readonly decile_edges: readonly number[];
    readonly ref_counts: readonly number[];
    readonly cur_counts: readonly number[];
    readonly ks: number;
    readonly ks_p_value: number;
    readonly wasserstein: number;
    readonly std_ref: number;
  };
}

export interface CategoricalCase {
  readonly name: string;
  readonly reference: Readonly<Record<string, number>>;
  readonly current: Readonly<Record<string, number>>;
  readonly expected: BinnedExpectation & {
    readonly categories: readonly string[];
    readonly chi2: number;
    readonly chi2_p_value: number;
    readonly dof: number;
    readonly g_test: number;
    readonly cramers_v: number;
    readonly new_category_share: number;
  };
}

interface BinnedExpectation {
  readonly psi: number;
  readonly kl: number;
  readonly js_distance: number;
  readonly hellinger: number;
  readonly total_variation: number;
  readonly l_infinity: number;
}

export interface PerformanceCases {
  readonly binary: ReadonlyArray<{
    readonly name: string;
    readonly labels: readonly number[];
    readonly scores: readonly number[];
    readonly threshold: number;
    readonly expected: Readonly<Record<string, number>>;
  }>;
  readonly multiclass: ReadonlyArray<{
    readonly name: string;
    readonly labels: readonly string[];
    readonly predictions: readonly string[];
    readonly expected: Readonly<Record<string, number>>;
  }>;
  readonly regression: ReadonlyArray<{
    readonly name: string;
    readonly labels: readonly number[];
    readonly predictions: readonly number[];
    readonly expected: Readonly<Record<string, number>>;
  }>;
}

export interface FdrCase {
  readonly name: string;
  readonly p_values: readonly number[];
  readonly expected: { readonly adjusted: readonly number[] };
}

export interface StreamCase {
  readonly name: string;
  readonly values: readonly number[];
  /** By detector: its parameters, and the places of the values at which it tells of a change. */
  readonly expected: Readonly<Record<string, StreamExpectation>>;
}

export interface StreamExpectation {
  readonly parameters: Readonly<Record<string, number>>;
  readonly detected_at: readonly number[];
}

export const numericCases = (): readonly NumericCase[] => load('numeric');
export const categoricalCases = (): readonly CategoricalCase[] => load('categorical');
export const performanceCases = (): PerformanceCases => load('performance');
export const fdrCases = (): readonly FdrCase[] => load('fdr');
export const streamCases = (): readonly StreamCase[] => load('streams');

function load<T>(name: string): T {
  const url = new URL(`../fixtures/conformance/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(url, 'utf8')) as T;
}
