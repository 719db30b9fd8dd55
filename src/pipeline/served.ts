import type { Millis } from '../base/clock.ts';
import type { MetricResults } from '../metrics/result.ts';
import type { Baseline } from '../profile/baseline.ts';
import { paneStart } from '../profile/pane.ts';
import { formatAgainst } from '../rules/against.ts';
import type { Period } from '../rules/alert.ts';
import { type Frame, periodOf } from '../rules/frame.ts';
import type { WindowMeasurements } from '../rules/measurements.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { Subject } from '../rules/subject.ts';
import { type MetricSubject, metricRow } from '../store/metrics.ts';
import type { Population } from './measure-period.ts';
import type { MeasurePorts } from './measure-ports.ts';
import type { VersionProfiles } from './reference-window.ts';

/** Characters of a baseline's id that people are shown; enough for driftd baseline to know it by. */
const SHOWN_ID = 12;

/** The versions of a model that one baseline serves, in the window that ends at an instant. */
export interface Served extends Omit<Population, 'segment'> {
  readonly window: Period;
  readonly appliesFrom: Millis;
  /** Versions that the group wants and that this baseline serves. */
  readonly wanted: (version: string) => boolean;
}

/** One population of those versions: the whole, or a segment. */
export type ServedPopulation = Served & Population;

/** What of a model is to be looked at in the window that ends at an instant, by the baselines that are in force. */
export function servedBy(
  group: RuleGroup,
  model: string,
  instant: Millis,
  { directory }: MeasurePorts,
): Served[] {
  const inForce = directory.inForce(model, instant);
  return Array.from(inForce, ([scope, { active, appliesFrom }]) => {
    const { baseline } = active;
    const wanted = (version: string): boolean =>
      group.wantsVersion(version) && (scope !== '' || !inForce.has(version));
    const window = wholePanes({ from: instant - group.window, to: instant }, baseline);
    return { group, model, baseline, window, appliesFrom, wanted };
  });
}

/** Whole panes, so that none is counted in part: at least as long as what is asked for. */
export function wholePanes({ from, to }: Period, { pane }: Baseline): Period {
  const end = paneStart(to, pane);
  return { from: paneStart(end - (to - from), pane), to: end };
}

/**
 * The versions to look at: those with traffic in the window. When there are none, the one that had traffic last stands
 * for the model, so that its silence shows. Versions that fell silent while others serve are retired and not missed.
 */
export async function versionsOf(
  { group, model, segment, window, wanted }: ServedPopulation,
  current: VersionProfiles,
  { lastSeen }: MeasurePorts,
): Promise<string[]> {
  const versions = [...current.keys()].filter(wanted).sort();
  if (versions.length > 0 || segment !== '') return versions;
  // Among the versions of all baselines: one that moved on to a baseline of its own leaves no silence behind.
  const [newest] = (await lastSeen(model))
    .filter(({ version, first }) => first < window.to && group.wantsVersion(version))
    .sort((a, b) => b.last - a.last);
  return newest !== undefined && wanted(newest.version) ? [newest.version] : [];
}

/** The windows that rules name besides the group's own; one that begins before the baseline cannot be told. */
export async function otherWindows<T>(
  { window, baseline, appliesFrom }: Served,
  frames: readonly Frame[],
  own: T,
  measure: (period: Period) => Promise<T>,
): Promise<ReadonlyMap<string, T>> {
  const others = new Map<string, T>();
  for (const frame of frames) {
    const period = wholePanes(periodOf(frame, window), baseline);
    if (period.from < appliesFrom) continue;
    const isOwn = period.from === window.from && period.to === window.to;
    others.set(frame.name, isOwn ? own : await measure(period));
  }
  return others;
}

/** What one subject was in those windows. */
export function elsewhere<T>(
  frames: readonly Frame[],
  others: ReadonlyMap<string, T>,
  of: (period: T) => WindowMeasurements | undefined,
): Pick<Subject, 'others'> {
  if (frames.length === 0) return {};
  const known = frames.flatMap(({ name }) => {
    const period = others.get(name);
    const measured = period === undefined ? undefined : of(period);
    return measured === undefined ? [] : [[name, measured] as const];
  });
  return { others: new Map(known) };
}

/** What people are told that features were compared with. */
export function againstText(about: Served): string {
  const { against } = about.group;
  return against.kind === 'baseline' ? baselineText(about) : formatAgainst(against);
}

/** What a model as a whole is compared with, whatever its features are. */
export function baselineText({ baseline }: Served): string {
  return `baseline ${baseline.id.slice(0, SHOWN_ID)}`;
}

/** What a measured population is called. */
export function identityOf(
  { model, segment, window }: ServedPopulation,
  version: string,
): Pick<Subject, 'model' | 'version' | 'segment' | 'window'> {
  return { model, version, window, ...(segment !== '' && { segment }) };
}

/** What was measured of it, for the table `metrics`. */
export function metricRows(
  { group, model, segment, baseline, window }: ServedPopulation,
  version: string,
  feature: string,
  metrics: MetricResults,
): object[] {
  const subject: MetricSubject = {
    model,
    version,
    segment,
    feature,
    against: formatAgainst(group.against),
    baselineId: baseline.id,
    from: window.from,
    to: window.to,
  };
  return Array.from(metrics.values(), (result) => metricRow(subject, result));
}
