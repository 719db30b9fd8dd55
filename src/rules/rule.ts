import type { Millis } from '../base/clock.ts';
import type { Against } from './against.ts';
import type { Labels } from './alert.ts';
import type { Condition } from './condition.ts';
import type { FiringPolicy } from './firing-policy.ts';
import type { NameTest } from './globs.ts';
import type { Template } from './template.ts';

/** What a rule is evaluated for, one by one. */
export type Each = 'feature' | 'prediction' | 'model';

/** A rule that has been read and checked. */
export interface Rule {
  readonly alert: string;
  readonly each: Each;
  readonly wantsFeature: NameTest;
  readonly condition: Condition;
  readonly policy: FiringPolicy;
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
  /** Five cron fields, UTC. */
  readonly schedule: string;
  readonly window: Millis;
  readonly against: Against;
  readonly rules: readonly Rule[];
}
