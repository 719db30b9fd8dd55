import type { Millis } from '../../base/clock.ts';
import type { Fault } from '../../base/fault.ts';
import type { NameTest } from '../globs.ts';
import type { NumberVariable } from '../variables.ts';
import type { Draw } from './distribution.ts';
import type { SamplePlan } from './sample-plan.ts';
import type { SeriesValue } from './series.ts';

/** Where something stands in a test file. */
export type Place = Omit<Fault, 'message'>;

/** What a test says of one name: a value for each interval, or one for all. */
export interface GivenSeries {
  readonly variable: NumberVariable;
  readonly values: readonly SeriesValue[] | number;
}

export interface GivenFeature {
  readonly kind: 'numeric' | 'categorical';
  readonly series: readonly GivenSeries[];
}

export interface DrawnFeature {
  readonly baseline: { readonly draw: Draw; readonly count: number };
  readonly windows: readonly SamplePlan[];
}

export interface ExpectedAlert {
  readonly alert: string;
  readonly state: 'firing' | 'pending';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Expectation {
  readonly place: Place;
  /** Since the start of the test. */
  readonly at: Millis;
  /** Undefined when alerts of all names are looked at. */
  readonly alert: string | undefined;
  readonly alerts: readonly ExpectedAlert[];
}

/** A test that has been read and checked. */
export interface RuleTest {
  readonly name: string;
  readonly place: Place;
  readonly model: string;
  readonly version: string;
  readonly segment: string | undefined;
  readonly start: Millis;
  readonly interval: Millis;
  readonly seed: number;
  readonly wantsGroup: NameTest;
  readonly given: ReadonlyMap<string, GivenFeature>;
  readonly drawn: ReadonlyMap<string, DrawnFeature>;
  /** What is said of the model as a whole. */
  readonly metrics: readonly GivenSeries[];
  /** In order of time. */
  readonly expectations: readonly Expectation[];
}
