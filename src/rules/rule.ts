import type { Millis } from '../base/clock.ts';
import type { Against } from './against.ts';
import type { Labels } from './alert.ts';
import type { Condition } from './condition.ts';
import type { FiringPolicy } from './firing-policy.ts';
import type { NameTest } from './globs.ts';
import type { Template } from './template.ts';
import type { Variable } from './variables.ts';

/** The name of the group of the alerts that driftd has about itself. No file may have it. */
export const OWN_GROUP = 'driftd';

/** What a rule is evaluated for, one by one. */
export type Each = 'feature' | 'prediction' | 'model' | 'segment';

/** A rule that has been read and checked. */
export interface Rule {
  readonly alert: string;
  readonly each: Each;
  readonly wantsFeature: NameTest;
  readonly condition: Condition;
  /** What a window must have before it is judged; undefined when nothing is asked for. */
  readonly require?: Condition;
  /** What its conditions and its templates name: all that has to be measured for it. */
  readonly names: ReadonlyMap<string, Variable>;
  readonly policy: FiringPolicy;
  /** A window with fewer observations is one without enough data. */
  readonly minSamples: number;
  /** severity and the rule's own labels; the rest comes from the subject. */
  readonly labels: Labels;
  /** Always has `summary`. */
  readonly annotations: Readonly<Record<string, Template>>;
  readonly retrain?: string;
}

/** Rules that look at the same windows. */
export interface RuleGroup {
  readonly name: string;
  readonly file: string;
  readonly wantsModel: NameTest;
  readonly wantsVersion: NameTest;
  /** Undefined when the group names no segments: then it is about the whole population. */
  readonly wantsSegment?: NameTest;
  /** Five cron fields, UTC. */
  readonly schedule: string;
  readonly window: Millis;
  readonly against: Against;
  readonly rules: readonly Rule[];
}
