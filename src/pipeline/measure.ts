import type { Millis } from '../base/clock.ts';
import { describeChange } from '../metrics/describe-change.ts';
import type { DifferenceOptions } from '../metrics/difference-metrics.ts';
import { distributionsOf } from '../metrics/distributions.ts';
import { estimateFromProfile } from '../metrics/estimate-from-profile.ts';
import { naturalLimits } from '../metrics/natural-variability.ts';
import { modelMetrics } from '../metrics/performance-metrics.ts';
import type { MetricResults } from '../metrics/result.ts';
import type { MetricName } from '../metrics/table.ts';
import { windowMetrics } from '../metrics/window-metrics.ts';
import type { Baseline } from '../profile/baseline.ts';
import { eventCount, type FeatureProfile, isOutputFeature, SCORE_FEATURE } from '../profile/feature-spec.ts';
import { naturalFor } from '../profile/natural-spread.ts';
import { paneStart } from '../profile/pane.ts';
import { formatAgainst } from '../rules/against.ts';
import type { Period } from '../rules/alert.ts';
import type { Subject, Undecided } from '../rules/evaluate-group.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import type { RuleGroup } from '../rules/rule.ts';
import { type MetricSubject, metricRow } from '../store/metrics.ts';
import type { BaselineDirectory } from './baseline-directory.ts';
import { type LabelledPorts, labelledEvidence } from './labelled-windows.ts';
import type { ModelPolicies } from './model-policy.ts';
import { referenceMetrics } from './reference-metrics.ts';
import { loadReference, type VersionProfiles } from './reference-window.ts';

/** Characters of a baseline's id that people are shown; enough for driftd baseline to know it by. */
const SHOWN_ID = 12;

const BOOTSTRAPPED = 'wasserstein_p_value';

export interface MeasurePorts extends LabelledPorts {
  readonly directory: BaselineDirectory;
  readonly policies: ModelPolicies;
  readonly mergedProfiles: (baseline: Baseline, model: string, period: Period) => Promise<VersionProfiles>;
  /** The versions of a model that had traffic at some time: the event time of the first pane and of the last. */
  readonly lastSeen: (
    model: string,
  ) => Promise<ReadonlyArray<{ readonly version: string; readonly first: Millis; readonly last: Millis }>>;
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
    const subject = modelSubject(about, version, profiles);
    subjects.push(subject);
    rows.push(...metricRows(about, version, '', subject.metrics));
  }
  return { subjects, rows };
}

/** The bootstrap takes longer than all other metrics together, so it is drawn only for rules that name its p-value. */
function optionsFor({ rules }: RuleGroup): DifferenceOptions {
  const isNamed = rules.some(
    ({ condition, annotations }) =>
      condition.names.has(BOOTSTRAPPED) ||
      Object.values(annotations).some(({ parts }) => parts.includes(BOOTSTRAPPED)),
  );
  return isNamed ? {} : { draws: 0 };
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
  for (const [feature, metrics] of windowMetrics(specs, reference, profiles, optionsFor(about.group))) {
    const before = reference.get(feature);
    const now = profiles.get(feature);
    const spec = specs.get(feature);
    const change = before && now && spec ? describeChange(spec, before, now) : undefined;
    subjects.push({
      each: isOutputFeature(feature) ? 'prediction' : 'feature',
      model,
      version,
      feature,
      ...(spec !== undefined && { featureKind: spec.kind }),
      window,
      metrics: metrics.window,
      baselineMetrics: metrics.reference,
      natural: naturalOf(about, feature, now),
      events: now === undefined ? 0 : eventCount(now),
      against: againstText(about),
      ...(change !== undefined && { change }),
      ...(before && now && spec && { distributions: () => distributionsOf(spec, before, now) }),
    });
    rows.push(...metricRows(about, version, feature, metrics.window));
  }
  return { subjects, rows };
}

/** How far a window may lie from its baseline as the baseline's own time blocks do; of other references nothing is known. */
function naturalOf(
  { group, baseline, window }: About,
  name: string,
  now: FeatureProfile | undefined,
): ReadonlyMap<MetricName, number> {
  const feature = baseline.features.get(name);
  if (group.against.kind !== 'baseline' || feature === undefined || now === undefined) return new Map();
  const spread = naturalFor(feature.natural, window.to - window.from);
  if (spread === undefined) return new Map();
  return naturalLimits(spread, {
    n: now.n,
    baselineN: feature.reference.n,
    events: eventCount(now),
  });
}

/** Every feature is counted with every prediction, so any of them tells their number; not all models log an output. */
function predictionsIn(profiles: ReadonlyMap<string, FeatureProfile> | undefined): number {
  const [any] = profiles?.values() ?? [];
  return any === undefined ? 0 : eventCount(any);
}

/** What needs no label is known at once; so it is a subject apart from how well the model does. */
function modelSubject(about: About, version: string, profiles: ReadonlyMap<string, FeatureProfile>): Subject {
  const { model, baseline, window } = about;
  const predictions = predictionsIn(profiles);
  const counted = modelMetrics(predictions, undefined).get('predictions');
  return {
    each: 'model',
    model,
    version,
    window,
    metrics: withEstimate(about, new Map(counted && [['predictions', counted]]), profiles.get(SCORE_FEATURE)),
    baselineMetrics: baselineMetrics(about),
    events: predictions,
    against: baselineText(baseline),
  };
}

/** What people are told that features were compared with. */
function againstText({ group, baseline }: About): string {
  return group.against.kind === 'baseline' ? baselineText(baseline) : formatAgainst(group.against);
}

/** What a model as a whole is compared with, whatever its features are. */
function baselineText({ id }: Baseline): string {
  return `baseline ${id.slice(0, SHOWN_ID)}`;
}

function baselineMetrics(about: About): MetricResults {
  const { baseline } = about;
  return withEstimate(about, referenceMetrics(baseline), baseline.features.get(SCORE_FEATURE)?.reference);
}

/** Adds the accuracy to be expected of these scores: of all of them, and not of the labelled ones alone. */
function withEstimate(
  { model, baseline, ports }: About,
  metrics: MetricResults,
  scores: FeatureProfile | undefined,
): MetricResults {
  const estimate = estimateFromProfile(baseline.features, scores, ports.policies(model));
  return estimate === undefined ? metrics : new Map([...metrics, [estimate.metric, estimate]]);
}

/** How well the model did in the window whose labels are due by now. */
async function measurePerformance(about: About): Promise<Measured> {
  const { model, baseline, window, ports } = about;
  const profiles = await ports.mergedProfiles(baseline, model, window);
  const evidence = await labelledEvidence(ports.policies(model), model, window, ports);
  const subjects: Subject[] = [];
  const rows: object[] = [];
  for (const version of await versionsOf(about, profiles)) {
    const predictions = predictionsIn(profiles.get(version));
    const judged = modelMetrics(predictions, evidence(version));
    const metrics = withEstimate(about, judged, profiles.get(version)?.get(SCORE_FEATURE));
    subjects.push({
      each: 'performance',
      model,
      version,
      window,
      metrics,
      baselineMetrics: baselineMetrics(about),
      events: predictions,
      against: baselineText(baseline),
    });
    rows.push(...metricRows(about, version, '', metrics));
  }
  return { subjects, rows };
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
