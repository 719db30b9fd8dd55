import type { Millis } from '../base/clock.ts';
import { describeChange } from '../metrics/describe-change.ts';
import { modelMetrics, type LabelledEvidence } from '../metrics/performance-metrics.ts';
import type { MetricResults } from '../metrics/result.ts';
import { windowMetrics } from '../metrics/window-metrics.ts';
import type { Baseline } from '../profile/baseline.ts';
import { eventCount, type FeatureProfile, isOutputFeature, PREDICTION_FEATURE } from '../profile/feature-spec.ts';
import { paneStart } from '../profile/pane.ts';
import { formatAgainst } from '../rules/against.ts';
import type { Period } from '../rules/alert.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { Subject } from '../rules/evaluate-group.ts';
import type { ConfusionRow, ErrorSums } from '../store/performance.ts';
import { type MetricSubject, metricRow } from '../store/metrics.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import type { ModelPolicies } from './model-policy.ts';
import { referenceMetrics } from './reference-metrics.ts';
import { loadReference, type VersionProfiles } from './reference-window.ts';

export interface MeasurePorts {
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly mergedProfiles: (baseline: Baseline, model: string, period: Period) => Promise<VersionProfiles>;
  /** The versions of a model with traffic at some time, and the event time of the last. */
  readonly lastSeen: (model: string) => Promise<ReadonlyArray<{ readonly version: string; readonly last: Millis }>>;
  readonly confusionCounts: (model: string, period: Period) => Promise<ConfusionRow[]>;
  readonly errorSums: (model: string, period: Period) => Promise<ErrorSums[]>;
}

export interface Measured {
  readonly subjects: readonly Subject[];
  /** Rows for the table `metrics`. */
  readonly rows: readonly object[];
}

/** Computes every metric that a rule group looks at, at one instant, for every model that it wants. */
export async function measureGroup(group: RuleGroup, instant: Millis, ports: MeasurePorts): Promise<Measured> {
  const subjects: Subject[] = [];
  const rows: object[] = [];
  for (const model of ports.directory.models()) {
    if (!group.wantsModel(model)) continue;
    for (const measured of await measureModel(group, model, instant, ports)) {
      subjects.push(...measured.subjects);
      rows.push(...measured.rows);
    }
  }
  return { subjects, rows };
}

async function measureModel(
  group: RuleGroup,
  model: string,
  instant: Millis,
  ports: MeasurePorts,
): Promise<Measured[]> {
  const inForce = ports.directory.inForce(model, instant);
  const found: Measured[] = [];
  const alive = new Set<string>();
  for (const [scope, { active, appliesFrom }] of inForce) {
    const { baseline } = active;
    const end = paneStart(instant, baseline.pane);
    const window = { from: end - group.window, to: end };
    if (window.from < appliesFrom) continue;
    const merged = (period: Period): Promise<VersionProfiles> => ports.mergedProfiles(baseline, model, period);
    const current = await merged(window);
    const versions = [...current.keys()].filter(
      (version) => group.wantsVersion(version) && (scope !== '' || !inForce.has(version)),
    );
    for (const version of versions) alive.add(version);
    const about = { group, model, baseline, window, ports };
    found.push(await measureWindow(about, versions, current, merged));
    found.push(await measurePerformance(about, appliesFrom));
  }
  if (alive.size === 0) found.push(...(await measureSilence(group, model, instant, ports)));
  return found;
}

interface About {
  readonly group: RuleGroup;
  readonly model: string;
  readonly baseline: Baseline;
  readonly window: Period;
  readonly ports: MeasurePorts;
}

async function measureWindow(
  about: About,
  versions: readonly string[],
  current: VersionProfiles,
  merged: (period: Period) => Promise<VersionProfiles>,
): Promise<Measured> {
  const { group, model, baseline, window } = about;
  const subjects: Subject[] = [];
  const rows: object[] = [];
  const referenceOf = await loadReference(group.against, window, baseline.features, current, merged);
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  const wantsFeatures = group.rules.some((rule) => rule.each !== 'model');
  for (const version of versions) {
    const profiles = current.get(version) ?? new Map<string, FeatureProfile>();
    const reference = referenceOf(version);
    if (wantsFeatures) {
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
    }
    const output = profiles.get(PREDICTION_FEATURE);
    subjects.push(modelSubject(about, version, output === undefined ? 0 : eventCount(output)));
  }
  for (const subject of subjects) {
    if (subject.each === 'model') rows.push(...metricRows(about, subject.version, '', subject.metrics));
  }
  return { subjects, rows };
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

/** How well the model did in the window whose labels are due by now: as long before the instant as labels take. */
async function measurePerformance(about: About, appliesFrom: Millis): Promise<Measured> {
  const { group, model, baseline, ports } = about;
  const { labels, task, positive } = ports.policies(model);
  const nothing: Measured = { subjects: [], rows: [] };
  if (labels === undefined || !group.rules.some(needsLabels)) return nothing;
  const end = paneStart(about.window.to - labels.delay, baseline.pane);
  const window = { from: end - group.window, to: end };
  if (window.from < appliesFrom) return nothing;
  const profiles = await ports.mergedProfiles(baseline, model, window);
  const evidence = await gather(task, positive, model, window, ports);
  const subjects: Subject[] = [];
  const rows: object[] = [];
  for (const [version, features] of profiles) {
    if (!group.wantsVersion(version)) continue;
    const output = features.get(PREDICTION_FEATURE);
    const predictions = output === undefined ? 0 : eventCount(output);
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
    rows.push(...metricRows({ ...about, window }, version, '', metrics));
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
  const none = { n: 0, sumError: 0, sumAbsoluteError: 0, sumSquaredError: 0, sumLabel: 0, sumSquaredLabel: 0 };
  return (version) => ({ task, moments: sums.find((row) => row.version === version) ?? none });
}

/**
 * A model that had traffic and has none: its last version stands for it, with a count of 0. Versions that fell silent
 * while others serve are retired and not missed.
 */
async function measureSilence(
  group: RuleGroup,
  model: string,
  instant: Millis,
  ports: MeasurePorts,
): Promise<Measured[]> {
  const seen = (await ports.lastSeen(model))
    .filter(({ version, last }) => last < instant && group.wantsVersion(version))
    .sort((a, b) => b.last - a.last);
  const version = seen[0]?.version;
  if (version === undefined) return [];
  const entry = ports.directory.activation(model, version, instant);
  if (entry === undefined) return [];
  const { baseline } = entry.active;
  const end = paneStart(instant, baseline.pane);
  const window = { from: end - group.window, to: end };
  if (window.from < entry.appliesFrom) return [];
  const about = { group, model, baseline, window, ports };
  const subject = modelSubject(about, version, 0);
  return [{ subjects: [subject], rows: metricRows(about, version, '', subject.metrics) }];
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
