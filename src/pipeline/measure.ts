import type { Millis } from '../base/clock.ts';
import { describeChange } from '../metrics/describe-change.ts';
import { type LabelledEvidence, modelMetrics } from '../metrics/performance-metrics.ts';
import type { MetricResults } from '../metrics/result.ts';
import { windowMetrics } from '../metrics/window-metrics.ts';
import type { Baseline } from '../profile/baseline.ts';
import { eventCount, type FeatureProfile, isOutputFeature } from '../profile/feature-spec.ts';
import { paneStart } from '../profile/pane.ts';
import { formatAgainst } from '../rules/against.ts';
import type { Period } from '../rules/alert.ts';
import type { Subject, Undecided } from '../rules/evaluate-group.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { type MetricSubject, metricRow } from '../store/metrics.ts';
import type { ConfusionRow, ErrorSums } from '../store/performance.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import type { ModelPolicies } from './model-policy.ts';
import { referenceMetrics } from './reference-metrics.ts';
import { loadReference, type VersionProfiles } from './reference-window.ts';

export interface MeasurePorts {
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly mergedProfiles: (baseline: Baseline, model: string, period: Period) => Promise<VersionProfiles>;
  /** The versions of a model that had traffic at some time: the event time of the first pane and of the last. */
  readonly lastSeen: (
    model: string,
  ) => Promise<ReadonlyArray<{ readonly version: string; readonly first: Millis; readonly last: Millis }>>;
  readonly confusionCounts: (model: string, period: Period) => Promise<ConfusionRow[]>;
  readonly errorSums: (model: string, period: Period) => Promise<ErrorSums[]>;
}

export interface Measured {
  readonly subjects: readonly Subject[];
  /** Rows for the table `metrics`. */
  readonly rows: readonly object[];
}

/** Computes every metric that a rule group looks at, at one instant, for every model that it wants. */
export async function measureGroup(
  group: RuleGroup,
  instant: Millis,
  ports: MeasurePorts,
): Promise<Measured & { readonly undecided: Undecided }> {
  const subjects: Subject[] = [];
  const rows: object[] = [];
  const undecided = { inputs: new Set<string>(), performance: new Set<string>() };
  for (const model of ports.directory.models()) {
    if (!group.wantsModel(model)) continue;
    for (const measured of await measureModel(group, model, instant, undecided, ports)) {
      subjects.push(...measured.subjects);
      rows.push(...measured.rows);
    }
  }
  return { subjects, rows, undecided };
}

async function measureModel(
  group: RuleGroup,
  model: string,
  instant: Millis,
  undecided: { readonly inputs: Set<string>; readonly performance: Set<string> },
  ports: MeasurePorts,
): Promise<Measured[]> {
  const found: Measured[] = [];
  const { labels } = ports.policies(model);
  const inForce = ports.directory.inForce(model, instant);
  for (const [scope, { active, appliesFrom }] of inForce) {
    const { baseline } = active;
    const wanted = (version: string): boolean =>
      group.wantsVersion(version) && (scope !== '' || !inForce.has(version));
    const about = { group, model, baseline, wanted, ports };
    const window = windowBefore(instant, group, baseline);
    // A window that begins before its baseline is counted in part under another one.
    if (window.from < appliesFrom) undecided.inputs.add(model);
    else found.push(await measureWindow({ ...about, window }));
  }
  if (labels === undefined || !group.rules.some(needsLabels)) return found;
  const due = instant - labels.delay;
  const wasInForce = ports.directory.inForce(model, due);
  if (wasInForce.size === 0) undecided.performance.add(model);
  for (const [scope, { active, appliesFrom }] of wasInForce) {
    const { baseline } = active;
    const wanted = (version: string): boolean =>
      group.wantsVersion(version) && (scope !== '' || !wasInForce.has(version));
    const window = windowBefore(due, group, baseline);
    if (window.from < appliesFrom) undecided.performance.add(model);
    else found.push(await measurePerformance({ group, model, baseline, wanted, ports, window }));
  }
  return found;
}

function windowBefore(instant: Millis, group: RuleGroup, baseline: Baseline): Period {
  const to = paneStart(instant, baseline.pane);
  // Whole panes, so that none is counted in part: at least as long as the group's window.
  return { from: paneStart(to - group.window, baseline.pane), to };
}

interface About {
  readonly group: RuleGroup;
  readonly model: string;
  readonly baseline: Baseline;
  readonly window: Period;
  /** Versions that the group wants and that this baseline serves. */
  readonly wanted: (version: string) => boolean;
  readonly ports: MeasurePorts;
}

/**
 * The versions to look at: those with traffic in the window. When there are none, the one that had traffic last stands
 * for the model, so that its silence shows. Versions that fell silent while others serve are retired and not missed.
 */
async function versionsOf(
  { group, model, window, wanted, ports }: About,
  current: VersionProfiles,
): Promise<string[]> {
  const versions = [...current.keys()].filter(wanted).sort();
  if (versions.length > 0) return versions;
  // Among the versions of all baselines: one that moved on to a baseline of its own leaves no silence behind.
  const [newest] = (await ports.lastSeen(model))
    .filter(({ version, first }) => first < window.to && group.wantsVersion(version))
    .sort((a, b) => b.last - a.last);
  return newest !== undefined && wanted(newest.version) ? [newest.version] : [];
}

async function measureWindow(about: About): Promise<Measured> {
  const { group, model, baseline, window, ports } = about;
  const merged = (period: Period): Promise<VersionProfiles> => ports.mergedProfiles(baseline, model, period);
  const current = await merged(window);
  const subjects: Subject[] = [];
  const rows: object[] = [];
  const referenceOf = await loadReference(group.against, window, baseline.features, current, merged);
  const wantsFeatures = group.rules.some((rule) => rule.each !== 'model');
  for (const version of await versionsOf(about, current)) {
    const profiles = current.get(version) ?? new Map<string, FeatureProfile>();
    if (wantsFeatures) {
      const measured = measureFeatures(about, version, referenceOf(version), profiles);
      subjects.push(...measured.subjects);
      rows.push(...measured.rows);
    }
    const subject = modelSubject(about, version, predictionsIn(profiles));
    subjects.push(subject);
    rows.push(...metricRows(about, version, '', subject.metrics));
  }
  return { subjects, rows };
}

function measureFeatures(
  about: About,
  version: string,
  reference: ReadonlyMap<string, FeatureProfile>,
  profiles: ReadonlyMap<string, FeatureProfile>,
): Measured {
  const { model, baseline, window } = about;
  const subjects: Subject[] = [];
  const rows: object[] = [];
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  for (const [feature, metrics] of windowMetrics(specs, reference, profiles)) {
    const before = reference.get(feature);
    const now = profiles.get(feature);
    const spec = specs.get(feature);
    const change = before && now && spec ? describeChange(spec, before, now) : undefined;
    subjects.push({
      each: isOutputFeature(feature) ? 'prediction' : 'feature',
      model,
      version,
      feature,
      window,
      metrics: metrics.window,
      baselineMetrics: metrics.reference,
      events: now === undefined ? 0 : eventCount(now),
      ...(change !== undefined && { change }),
    });
    rows.push(...metricRows(about, version, feature, metrics.window));
  }
  return { subjects, rows };
}

/** Every feature is counted with every prediction, so any of them tells their number; not all models log an output. */
function predictionsIn(profiles: ReadonlyMap<string, FeatureProfile> | undefined): number {
  const [any] = profiles?.values() ?? [];
  return any === undefined ? 0 : eventCount(any);
}

/** What needs no label is known at once; so it is a subject apart from how well the model does. */
function modelSubject({ model, baseline, window }: About, version: string, predictions: number): Subject {
  const counted = modelMetrics(predictions, undefined).get('predictions');
  return {
    each: 'model',
    model,
    version,
    window,
    metrics: new Map(counted === undefined ? [] : [['predictions', counted]]),
    baselineMetrics: referenceMetrics(baseline),
    events: predictions,
  };
}

/** How well the model did in the window whose labels are due by now. */
async function measurePerformance(about: About): Promise<Measured> {
  const { model, baseline, window, ports } = about;
  const { task, positive } = ports.policies(model);
  const profiles = await ports.mergedProfiles(baseline, model, window);
  const evidence = await gather(task, positive, model, window, ports);
  const subjects: Subject[] = [];
  const rows: object[] = [];
  for (const version of await versionsOf(about, profiles)) {
    const predictions = predictionsIn(profiles.get(version));
    const metrics = modelMetrics(predictions, evidence(version));
    subjects.push({
      each: 'performance',
      model,
      version,
      window,
      metrics,
      baselineMetrics: referenceMetrics(baseline),
      events: predictions,
    });
    rows.push(...metricRows(about, version, '', metrics));
  }
  return { subjects, rows };
}

async function gather(
  task: 'classification' | 'regression',
  positive: string | undefined,
  model: string,
  window: Period,
  ports: MeasurePorts,
): Promise<(version: string) => LabelledEvidence> {
  if (task === 'classification') {
    const rows = await ports.confusionCounts(model, window);
    return (version) => ({ task, positive, cells: rows.filter((row) => row.version === version) });
  }
  const sums = await ports.errorSums(model, window);
  const none = {
    n: 0,
    sumError: 0,
    sumAbsoluteError: 0,
    sumSquaredError: 0,
    sumLabel: 0,
    sumSquaredLabel: 0,
  };
  return (version) => ({ task, moments: sums.find((row) => row.version === version) ?? none });
}

function metricRows(about: About, version: string, feature: string, metrics: MetricResults): object[] {
  const { group, model, baseline, window } = about;
  const subject: MetricSubject = {
    model,
    version,
    segment: '',
    feature,
    against: formatAgainst(group.against),
    baselineId: baseline.id,
    from: window.from,
    to: window.to,
  };
  return Array.from(metrics.values(), (result) => metricRow(subject, result));
}
