import type { Millis } from '../base/clock.ts';
import type { Baseline } from '../profile/baseline.ts';
import type { Period } from '../rules/alert.ts';
import type { Subject } from '../rules/subject.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import type { PeriodPorts } from './measure-period.ts';
import type { VersionProfiles } from './reference-window.ts';

/** What windows are measured from. */
export interface MeasurePorts extends PeriodPorts {
  readonly directory: BaselineDirectory;
  /** The versions of a model that had traffic at some time: the event time of the first pane and of the last. */
  readonly lastSeen: (
    model: string,
  ) => Promise<ReadonlyArray<{ readonly version: string; readonly first: Millis; readonly last: Millis }>>;
  /** The versions of a model that had traffic in a period. */
  readonly versionsIn: (model: string, period: Period) => Promise<readonly string[]>;
  /** The segments of a model that had traffic in a period. */
  readonly segmentsIn: (baseline: Baseline, model: string, period: Period) => Promise<readonly string[]>;
  /** What a period holds of segments, by their names. */
  readonly segmentProfiles: (
    baseline: Baseline,
    model: string,
    period: Period,
    segments: readonly string[],
  ) => Promise<ReadonlyMap<string, VersionProfiles>>;
  /** Told how many segments of a window had labels that nobody looked at, because there are too many of them. */
  readonly onSegmentsLeftOut?: (count: number) => void;
}

/** What was measured of one window. */
export interface Measured {
  readonly subjects: readonly Subject[];
  /** Rows for the table `metrics`. */
  readonly rows: readonly object[];
  /** Rows for the table `performance_details`. */
  readonly details?: readonly object[];
  /** How many predictions the windows have whose labels were looked at, by model. */
  readonly predictions?: ReadonlyMap<string, number>;
}
