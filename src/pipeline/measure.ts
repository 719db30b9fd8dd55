import type { Millis } from '../base/clock.ts';
import { maturityText } from '../metrics/maturity.ts';
import type { MetricResults } from '../metrics/result.ts';
import type { Baseline } from '../profile/baseline.ts';
import { isOutputFeature } from '../profile/feature-spec.ts';
import { paneStart } from '../profile/pane.ts';
import { formatAgainst } from '../rules/against.ts';
import type { Period } from '../rules/alert.ts';
import type { Undecided } from '../rules/evaluate-group.ts';
import { type Frame, periodOf } from '../rules/frame.ts';
import type { WindowMeasurements } from '../rules/measurements.ts';
import { namedWindows } from '../rules/named-windows.ts';
import { namesStreamsOnly, needsLabels } from '../rules/needs-labels.ts';
import type { Rule, RuleGroup } from '../rules/rule.ts';
import type { Subject } from '../rules/subject.ts';
import { type MetricSubject, metricRow } from '../store/metrics.ts';
import { performanceDetailsRow } from '../store/performance-details.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import {
  measurePerformance,
  measurePeriod,
  type PeriodMeasurements,
  type PeriodPorts,
  type Population,
} from './measure-period.ts';
import { measureStreams, type StreamMeasurements } from './measure-streams.ts';
import { DEFAULT_LABELS } from './model-policy.ts';
import type { VersionProfiles } from './reference-window.ts';

/** Characters of a baseline's id that people are shown; enough for driftd baseline to know it by. */
const SHOWN_ID = 12;

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
}

export interface Measured {
  readonly subjects: readonly Subject[];
  /** Rows for the table `metrics`. */
  readonly rows: readonly object[];
  /** Rows for the table `performance_details`. */
  readonly details?: readonly object[];
}

/** Computes every metric that a rule group looks at, at one instant, for every model that it wants. */
export async function measureGroup(
  group: RuleGroup,
  instant: Millis,
  ports: MeasurePorts,
): Promise<Measured & { readonly undecided: Undecided }> {
  const subjects: Subject[] = [];
  const rows: object[] = [];
  const details: object[] = [];
  const undecided = { inputs: new Set<string>(), performance: new Set<string>() };
  for (const model of ports.directory.models()) {
    if (!group.wantsModel(model)) continue;
    for (const measured of await measureModel(group, model, instant, undecided, ports)) {
      subjects.push(...measured.subjects);
      rows.push(...measured.rows);
      details.push(...(measured.details ?? []));
    }
  }
  return { subjects, rows, details, undecided };
}

async function measureModel(
  group: RuleGroup,
  model: string,
  instant: Millis,
  undecided: { readonly inputs: Set<string>; readonly performance: Set<string> },
  ports: MeasurePorts,
): Promise<Measured[]> {
  const { labels } = ports.policies(model);
  if (namesStreamsOnly(group.rules)) return measureStreamed(group, model, instant, undecided, ports);
  const found: Measured[] = [];
  for (const served of servedBy(group, model, instant, ports)) {
    // A window that begins before its baseline is counted in part under another one.
    if (served.window.from < served.appliesFrom) undecided.inputs.add(model);
    else {
      for (const segment of await segmentsOf(served, ports))
        found.push(await measureInputs({ ...served, segment }, ports));
    }
  }
  if (labels === undefined || !group.rules.some(needsLabels)) return found;
  const due = servedBy(group, model, instant - labels.delay, ports);
  if (due.length === 0) undecided.performance.add(model);
  for (const served of due) {
    if (served.window.from < served.appliesFrom) undecided.performance.add(model);
    else found.push(await measureLabelled({ ...served, segment: '' }, instant, ports));
  }
  return found;
}

/**
 * What change detectors said, and nothing else. Groups about that alone are evaluated often, over windows that are long: all
 * else about those would be computed for nobody.
 */
async function measureStreamed(
  group: RuleGroup,
  model: string,
  instant: Millis,
  undecided: { readonly performance: Set<string> },
  ports: MeasurePorts,
): Promise<Measured[]> {
  const { labels, task } = ports.policies(model);
  if (labels === undefined) return [];
  const due = servedBy(group, model, instant - labels.delay, ports);
  if (due.length === 0) undecided.performance.add(model);
  const found: Measured[] = [];
  for (const served of due) {
    const about = { ...served, segment: '' };
    const measure = (period: Period): Promise<StreamMeasurements> =>
      measureStreams(task, model, period, ports);
    const own = await measure(served.window);
    const frames = namedWindows(group.rules);
    const others = await otherWindows(served, frames, own, measure);
    // One whose labels have stopped is there, and without data; one that serves no more is not.
    const versions = new Set([...own.versions, ...(await ports.versionsIn(model, served.window))]);
    for (const version of [...versions].filter(served.wanted).sort()) {
      const measured = windowOfStream(own, version);
      const subject: Subject = {
        ...identityOf(about, version),
        each: 'performance',
        ...measured,
        ...elsewhere(frames, others, (period) => windowOfStream(period, version)),
      };
      found.push({ subjects: [subject], rows: metricRows(about, version, '', measured.metrics) });
    }
  }
  return found;
}

function windowOfStream(streams: StreamMeasurements, version: string): WindowMeasurements {
  const results = streams.of(version);
  return {
    metrics: new Map(results.map((result) => [result.metric, result])),
    baselineMetrics: new Map(),
    events: results[0]?.n ?? 0,
  };
}

/** The versions of a model that one baseline serves, in the window that ends at an instant. */
interface Served extends Omit<Population, 'segment'> {
  readonly window: Period;
  readonly appliesFrom: Millis;
  /** Versions that the group wants and that this baseline serves. */
  readonly wanted: (version: string) => boolean;
}

type ServedPopulation = Served & Population;

function servedBy(group: RuleGroup, model: string, instant: Millis, { directory }: MeasurePorts): Served[] {
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
function wholePanes({ from, to }: Period, { pane }: Baseline): Period {
  const end = paneStart(to, pane);
  return { from: paneStart(end - (to - from), pane), to: end };
}

/** What a group looks at: the whole population, segments of it, or both. */
async function segmentsOf(
  { group, model, baseline, window }: Served,
  ports: MeasurePorts,
): Promise<string[]> {
  const { rules, wantsSegment } = group;
  const whole = wantsSegment === undefined && rules.some(({ each }) => each !== 'segment') ? [''] : [];
  if (wantsSegment === undefined && !rules.some(({ each }) => each === 'segment')) return whole;
  const segments = await ports.segmentsIn(baseline, model, window);
  return [...whole, ...segments.filter((segment) => segment !== '' && (wantsSegment?.(segment) ?? true))];
}

/** The rules of a group that look at one population, the ones about labels apart. */
function rulesAbout({ group: { rules, wantsSegment }, segment }: Population): Rule[] {
  return rules.filter(
    (rule) =>
      !needsLabels(rule) && (wantsSegment !== undefined || (segment === '') === (rule.each !== 'segment')),
  );
}

/**
 * The versions to look at: those with traffic in the window. When there are none, the one that had traffic last stands
 * for the model, so that its silence shows. Versions that fell silent while others serve are retired and not missed.
 */
async function versionsOf(
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

/** The features and the model as a whole, as far as no label is needed. */
async function measureInputs(about: ServedPopulation, ports: MeasurePorts): Promise<Measured> {
  const rules = rulesAbout(about);
  const isOfFeature = ({ each }: Rule): boolean => each === 'feature' || each === 'prediction';
  const own = await measurePeriod(about, about.window, ports);
  const measure = (period: Period): Promise<PeriodMeasurements> => measurePeriod(about, period, ports);
  const others = await otherWindows(about, namedWindows(rules), own, measure);
  const featureFrames = namedWindows(rules.filter(isOfFeature));
  const modelFrames = namedWindows(rules.filter((rule) => !isOfFeature(rule)));
  const subjects: Subject[] = [];
  const rows: object[] = [];
  for (const version of await versionsOf(about, own.profiles, ports)) {
    if (rules.some(isOfFeature)) {
      for (const [feature, { spec, change, distributions, ...measured }] of own.features(version)) {
        subjects.push({
          ...identityOf(about, version),
          each: isOutputFeature(feature) ? 'prediction' : 'feature',
          feature,
          featureKind: spec.kind,
          ...measured,
          against: againstText(about),
          ...(change !== undefined && { change }),
          ...(distributions !== undefined && { distributions }),
          ...elsewhere(featureFrames, others, (period) => period.features(version).get(feature)),
        });
        rows.push(...metricRows(about, version, feature, measured.metrics));
      }
    }
    const model = own.model(version);
    subjects.push({
      ...identityOf(about, version),
      each: about.segment === '' ? 'model' : 'segment',
      ...model,
      against: about.segment === '' ? baselineText(about) : againstText(about),
      ...elsewhere(modelFrames, others, (period) => period.model(version)),
    });
    rows.push(...metricRows(about, version, '', model.metrics));
  }
  return { subjects, rows };
}

/** How well the model did in a window whose labels are due by now. */
async function measureLabelled(about: ServedPopulation, now: Millis, ports: MeasurePorts): Promise<Measured> {
  const frames = namedWindows(about.group.rules.filter(needsLabels));
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
  return { subjects, rows, details };
}

/** A model's window that was judged at an instant, as it looks with the labels that have come by now. */
export async function measureAgain(
  group: RuleGroup,
  model: string,
  instant: Millis,
  now: Millis,
  ports: MeasurePorts,
): Promise<Measured> {
  const found: Measured[] = [];
  for (const served of performanceServed(group, model, instant, ports))
    found.push(await measureLabelled({ ...served, segment: '' }, now, ports));
  return {
    subjects: found.flatMap(({ subjects }) => subjects),
    rows: found.flatMap(({ rows }) => rows),
    details: found.flatMap(({ details = [] }) => details),
  };
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

/** The windows that rules name besides the group's own; one that begins before the baseline cannot be told. */
async function otherWindows<T>(
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
function elsewhere<T>(
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
function againstText(about: Served): string {
  const { against } = about.group;
  return against.kind === 'baseline' ? baselineText(about) : formatAgainst(against);
}

/** What a model as a whole is compared with, whatever its features are. */
function baselineText({ baseline }: Served): string {
  return `baseline ${baseline.id.slice(0, SHOWN_ID)}`;
}

function identityOf(
  { model, segment, window }: ServedPopulation,
  version: string,
): Pick<Subject, 'model' | 'version' | 'segment' | 'window'> {
  return { model, version, window, ...(segment !== '' && { segment }) };
}

function metricRows(
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
