import type { Millis } from '../base/clock.ts';
import { maturityText } from '../metrics/maturity.ts';
import type { Period } from '../rules/alert.ts';
import { periodOf } from '../rules/frame.ts';
import { namedWindows } from '../rules/named-windows.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import type { Rule, RuleGroup } from '../rules/rule.ts';
import type { Subject } from '../rules/subject.ts';
import { subjectKind } from '../rules/subject-kind.ts';
import { performanceDetailsRow } from '../store/performance-details.ts';
import { measurePerformance } from './measure-period.ts';
import type { Measured, MeasurePorts } from './measure-ports.ts';
import { measureSegments, type SegmentPerformances } from './measure-segments.ts';
import { mergeMeasured } from './merge-measured.ts';
import { DEFAULT_LABELS } from './model-policy.ts';
import { SegmentSizes } from './segment-sizes.ts';
import {
  baselineText,
  elsewhere,
  identityOf,
  metricRows,
  otherWindows,
  type Served,
  servedBy,
  versionsOf,
  wholePanes,
} from './served.ts';

/** How well the model did in a window whose labels are due by now: as a whole, in segments of it, or both, as rules ask. */
export async function measureLabelled(about: Served, now: Millis, ports: MeasurePorts): Promise<Measured> {
  const { group, model } = about;
  const rulesAbout = (kind: Subject['each']): Rule[] =>
    group.rules.filter((rule) => subjectKind(group, rule) === kind);
  const [ofWhole, ofSegments] = [rulesAbout('performance'), rulesAbout('segment_performance')];
  const parts: LabelledPart[] = [];
  if (ofWhole.length > 0) parts.push(await measureWhole(about, ofWhole, now, ports));
  if (ofSegments.length > 0 && ports.policies(model).segments.length > 0)
    parts.push(await measureEachSegment(about, ofSegments, now, ports));
  // Both parts are of the same predictions.
  const predictions = Math.max(0, ...parts.map((part) => part.size));
  return { ...mergeMeasured(parts), predictions: new Map([[model, predictions]]) };
}

interface LabelledPart extends Measured {
  /** How many predictions the window has, of the versions that are looked at. */
  readonly size: number;
}

async function measureWhole(
  served: Served,
  rules: readonly Rule[],
  now: Millis,
  ports: MeasurePorts,
): Promise<LabelledPart> {
  const about = { ...served, segment: '' };
  const frames = namedWindows(rules);
  const own = await measurePerformance(about, about.window, now, ports);
  const others = await otherWindows(about, frames, own, (period) =>
    measurePerformance(about, period, now, ports),
  );
  const { labels } = ports.policies(about.model);
  const subjects: Subject[] = [];
  const rows: object[] = [];
  const details: object[] = [];
  for (const version of await versionsOf(about, own.profiles, ports)) {
    const { maturity, details: behind, ...measured } = own.of(version);
    subjects.push({
      ...identityOf(about, version),
      each: 'performance',
      ...measured,
      change: maturityText(maturity, labels ?? DEFAULT_LABELS),
      against: baselineText(about),
      ...elsewhere(frames, others, (period) => period.of(version)),
    });
    rows.push(...metricRows(about, version, '', measured.metrics));
    if (behind !== undefined) {
      const { model, window } = about;
      const { predictions, labelled } = maturity;
      details.push(performanceDetailsRow({ model, version, ...window, predictions, labelled }, behind));
    }
  }
  return { subjects, rows, details, size: subjects.reduce((sum, { events }) => sum + events, 0) };
}

/** The largest segments, each by itself. One that is too small to be judged is there, without numbers, and not stored. */
async function measureEachSegment(
  about: Served,
  rules: readonly Rule[],
  now: Millis,
  ports: MeasurePorts,
): Promise<LabelledPart> {
  const { group, model, window, wanted } = about;
  const sizesIn = async (period: Period): Promise<SegmentSizes> =>
    new SegmentSizes(await ports.segmentSizes(model, period));
  const sizes = await sizesIn(window);
  const { segments, leftOut } = sizes.largest(wanted, group.wantsSegment);
  if (leftOut > 0) ports.onSegmentsLeftOut?.(leftOut);
  const versions = sizes.versions.filter(wanted).sort();
  const size = versions.reduce((sum, version) => sum + sizes.of(version, ''), 0);
  if (segments.length === 0) return { subjects: [], rows: [], size };
  const measure = (period: Period, found: SegmentSizes): Promise<SegmentPerformances> =>
    measureSegments(about, segments, found, period, now, ports);
  const own = await measure(window, sizes);
  const frames = namedWindows(rules);
  const others = await otherWindows(about, frames, own, async (period) =>
    measure(period, await sizesIn(period)),
  );
  const subjects: Subject[] = [];
  const rows: object[] = [];
  for (const version of versions) {
    for (const segment of segments.filter((one) => sizes.of(version, one) > 0)) {
      const population = { ...about, segment };
      const { maturity, isJudged, ...measured } = own(version, segment);
      subjects.push({
        ...identityOf(population, version),
        each: 'segment_performance',
        ...measured,
        change: maturityText(maturity, ports.policies(model).labels ?? DEFAULT_LABELS),
        against: baselineText(about),
        ...elsewhere(frames, others, (of) => of(version, segment)),
      });
      if (isJudged) rows.push(...metricRows(population, version, '', measured.metrics));
    }
  }
  return { subjects, rows, size };
}

/** A model's window that was judged at an instant, as it looks with the labels that have come by now. */
export async function measureAgain(
  group: RuleGroup,
  model: string,
  instant: Millis,
  now: Millis,
  ports: MeasurePorts,
): Promise<Required<Measured>> {
  const found: Measured[] = [];
  for (const served of performanceServed(group, model, instant, ports))
    found.push(await measureLabelled(served, now, ports));
  return mergeMeasured(found);
}

/** What that window looks at: itself first, and then the others that rules name. */
export function performancePeriods(
  group: RuleGroup,
  model: string,
  instant: Millis,
  ports: MeasurePorts,
): Period[] {
  const frames = namedWindows(group.rules.filter(needsLabels));
  return performanceServed(group, model, instant, ports).flatMap(({ window, baseline }) => [
    window,
    ...frames.map((frame) => wholePanes(periodOf(frame, window), baseline)),
  ]);
}

function performanceServed(group: RuleGroup, model: string, instant: Millis, ports: MeasurePorts): Served[] {
  const { labels } = ports.policies(model);
  if (labels === undefined) return [];
  return servedBy(group, model, instant - labels.delay, ports).filter(
    ({ window, appliesFrom }) => window.from >= appliesFrom,
  );
}
