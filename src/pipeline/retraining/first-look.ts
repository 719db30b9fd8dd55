import type { Millis } from '../../base/clock.ts';
import { estimateFromProfile } from '../../metrics/estimate-from-profile.ts';
import { modelMetrics, performance } from '../../metrics/performance-metrics.ts';
import type { MetricResults } from '../../metrics/result.ts';
import type { MetricName } from '../../metrics/table.ts';
import { windowMetrics } from '../../metrics/window-metrics.ts';
import { numberText } from '../../notify/message/number-text.ts';
import { periodText } from '../../notify/message/utc-text.ts';
import type { Baseline } from '../../profile/baseline.ts';
import {
  eventCount,
  type FeatureProfile,
  MULTIVARIATE_FEATURE,
  SCORE_FEATURE,
} from '../../profile/feature-spec.ts';
import { inCellsOf } from '../../profile/in-cells-of.ts';
import { rebaseSteps } from '../../profile/rebase-baseline.ts';
import type { ReferenceValue } from '../../profile/reference-value.ts';
import type { Period } from '../../rules/alert.ts';
import type { RetrainSummary } from '../../store/retrain-requests.ts';
import type { BaselineDirectory } from '../baseline-directory.ts';
import { labelledWindow } from '../labelled-windows.ts';
import type { MeasurePorts } from '../measure-ports.ts';
import { Turns } from '../turns.ts';

/** A request that succeeded. */
export interface Succeeded extends RetrainSummary {
  readonly newVersion: string;
  /** Whether the new version is to learn a baseline from its predictions. */
  readonly learns: boolean;
}

export interface FirstLook {
  readonly lines: readonly string[];
  /** The baseline that was learned from these predictions; undefined when the version does not learn. */
  readonly learned: Baseline | undefined;
}

/** As large and as sure as the rules that ship want a shift to be. */
const LARGE = 0.1;
const SURE = 0.01;
const NAMED_FEATURES = 5;
const HEADLINES: readonly MetricName[] = ['accuracy', 'f1', 'roc_auc', 'mae', 'rmse'];

type Entry = NonNullable<ReturnType<BaselineDirectory['activation']>>;

/**
 * Looks at a new version once it has made as many predictions as a baseline is learned from.
 *
 * @param windowOf the window that the request was made for; asked only then.
 * @returns undefined while it has made fewer, or none of them is counted under any baseline yet.
 */
export async function firstLook(
  request: Succeeded,
  ports: MeasurePorts,
  windowOf: () => Promise<Period | undefined>,
): Promise<FirstLook | undefined> {
  const { model, version, newVersion, learns } = request;
  const { directory, policies } = ports;
  const entry = directory.activation(model, newVersion, Number.POSITIVE_INFINITY);
  const seen = (await ports.lastSeen(model)).find((period) => period.version === newVersion);
  if (entry === undefined || seen === undefined) return undefined;
  const { baseline } = entry.active;
  const period = { from: Math.max(seen.first, entry.appliesFrom), to: seen.last + baseline.pane };
  const counted = (await ports.mergedProfiles(baseline, model, period, '')).get(newVersion);
  const [any] = counted?.values() ?? [];
  const predictions = any === undefined ? 0 : eventCount(any);
  if (counted === undefined || predictions < policies(model).learn) return undefined;

  const before = await profilesBefore(request, entry, period, ports);
  const now = await performanceOf(model, newVersion, period, ports);
  const asked = (await windowOf()) ?? { from: request.at, to: request.at };
  const then = await performanceOf(model, version, asked, ports);
  const lines = [
    `version ${newVersion} beside version ${version}: ${predictions} predictions, ${periodText(period)}`,
    ...featureLines(baseline, counted, before, version),
    ...performanceLines(now, then, version),
    ...estimateLine(baseline, counted, before?.profiles, ports, request),
  ];
  if (!learns) return { lines, learned: undefined };
  const slices = await slicesOf(baseline, model, newVersion, period, ports);
  const learned = await new Turns().drive(
    rebaseSteps(baseline, newVersion, period, counted, valuesOf(now), slices),
  );
  return { lines: [...lines, 'its baseline is learned from these predictions'], learned };
}

/** What was counted of a version in the segments of its baseline. */
async function slicesOf(
  baseline: Baseline,
  model: string,
  version: string,
  period: Period,
  ports: MeasurePorts,
): Promise<Map<string, ReadonlyMap<string, FeatureProfile>>> {
  const segments = [...(baseline.segments?.known.keys() ?? [])];
  if (segments.length === 0) return new Map();
  const counted = await ports.segmentProfiles(baseline, model, period, segments);
  return new Map(Array.from(counted, ([segment, versions]) => [segment, versions.get(version) ?? new Map()]));
}

/** What the version before was like, in the cells in which the new one is counted. */
interface Before {
  readonly text: string;
  /** Without features whose cells are others. */
  readonly profiles: ReadonlyMap<string, FeatureProfile>;
}

/** The version before in as long a time before the new one came; undefined where nothing of it was counted in the same cells. */
async function profilesBefore(
  { model, version }: RetrainSummary,
  { active: { baseline } }: Entry,
  { from, to }: Period,
  ports: MeasurePorts,
): Promise<Before | undefined> {
  const serving = ports.directory.activation(model, version, from - 1)?.active.baseline;
  if (serving === undefined) return undefined;
  const period = { from: from - (to - from), to: from };
  const counted = (await ports.mergedProfiles(serving, model, period, '')).get(version);
  const profiles = new Map<string, FeatureProfile>();
  for (const [name, { spec }] of baseline.features) {
    const [own, theirs] = [counted?.get(name), serving.features.get(name)?.spec];
    const same = own && theirs && inCellsOf(spec, own, theirs);
    if (same !== undefined && eventCount(same) > 0) profiles.set(name, same);
  }
  return profiles.size === 0 ? undefined : { profiles, text: `version ${version}, ${periodText(period)}` };
}

function featureLines(
  baseline: Baseline,
  now: ReadonlyMap<string, FeatureProfile>,
  before: Before | undefined,
  version: string,
): string[] {
  if (before === undefined)
    return [
      featureLine(baseline, referenceOf(baseline), now, textOf(baseline)),
      `not compared with version ${version}, of which nothing was counted in the same cells in as long a time before`,
    ];
  const features = new Map([...baseline.features].filter(([name]) => before.profiles.has(name)));
  const left = baseline.features.size - features.size;
  const line = featureLine({ features }, before.profiles, now, before.text);
  return left === 0
    ? [line]
    : [line, `${left} not compared, which version ${version} counted in other cells`];
}

function referenceOf({ features }: Baseline): ReadonlyMap<string, FeatureProfile> {
  return new Map(Array.from(features, ([name, { reference }]) => [name, reference]));
}

function textOf({ id }: Baseline): string {
  return `the baseline ${id.slice(0, 12)}`;
}

function featureLine(
  { features }: Pick<Baseline, 'features'>,
  before: ReadonlyMap<string, FeatureProfile>,
  now: ReadonlyMap<string, FeatureProfile>,
  against: string,
): string {
  const specs = new Map(Array.from(features, ([name, { spec }]) => [name, spec]));
  const measured = [...windowMetrics(specs, before, now, { draws: 0 })];
  const moved = measured
    .flatMap(([name, { window }]) => {
      const [size, surprise] = [figureOf(window, 'psi_adjusted'), figureOf(window, 'q_value')];
      const isMoved = size !== undefined && size > LARGE && surprise !== undefined && surprise < SURE;
      return isMoved && name !== MULTIVARIATE_FEATURE ? [{ name, size }] : [];
    })
    .sort((a, b) => b.size - a.size || (a.name < b.name ? -1 : 1));
  const named = moved.slice(0, NAMED_FEATURES).map(({ name, size }) => `${name} ${numberText(size)}`);
  const rest = moved.length > named.length ? ` and ${moved.length - named.length} more` : '';
  const which = moved.length === 0 ? '' : ` (psi_adjusted): ${named.join(', ')}${rest}`;
  return `${moved.length} of ${measured.length} distributions moved against ${against}${which}`;
}

async function performanceOf(
  model: string,
  version: string,
  period: Period,
  ports: MeasurePorts,
): Promise<MetricResults> {
  const policy = ports.policies(model);
  if (policy.labels === undefined) return new Map();
  const labelled = await labelledWindow(
    policy,
    model,
    period,
    { predictions: Number.POSITIVE_INFINITY },
    ports,
  );
  const { evidence } = labelled(version);
  const judged = performance(evidence).map((result) => [result.metric, result] as const);
  return new Map([...modelMetrics(0, evidence), ...judged]);
}

function performanceLines(now: MetricResults, then: MetricResults, version: string): string[] {
  if (now.size === 0) return [];
  const parts = HEADLINES.flatMap((metric) => {
    const value = figureOf(now, metric);
    if (value === undefined) return [];
    const before = figureOf(then, metric);
    const beside =
      before === undefined ? '' : ` (version ${version} when it was asked for: ${numberText(before)})`;
    return [`${metric} ${numberText(value)}${beside}`];
  });
  if (parts.length === 0) return ['no label of its predictions has come yet'];
  return [`${parts.join(', ')}, on ${figureOf(now, 'labelled') ?? 0} labelled predictions`];
}

function estimateLine(
  baseline: Baseline,
  now: ReadonlyMap<string, FeatureProfile>,
  before: ReadonlyMap<string, FeatureProfile> | undefined,
  { policies }: MeasurePorts,
  { model, version }: RetrainSummary,
): string[] {
  const of = (profiles: ReadonlyMap<string, FeatureProfile> | undefined): number | undefined => {
    const estimates = estimateFromProfile(baseline, profiles?.get(SCORE_FEATURE), policies(model));
    const estimate = estimates.find(({ metric }) => metric === 'estimated_accuracy');
    return estimate?.status === 'ok' ? estimate.value : undefined;
  };
  const [own, other] = [of(now), of(before)];
  if (own === undefined) return [];
  const beside = other === undefined ? '' : ` (version ${version}: ${numberText(other)})`;
  return [`accuracy to be expected of its scores: ${numberText(own)}${beside}`];
}

function figureOf(results: MetricResults, metric: MetricName): number | undefined {
  const result = results.get(metric);
  return result?.status === 'ok' ? result.value : undefined;
}

/** The metrics that have a value, as a baseline remembers them. */
function valuesOf(results: MetricResults): Map<string, ReferenceValue> {
  const values = new Map<string, ReferenceValue>();
  for (const [metric, result] of results) {
    if (result.status === 'ok' && metric !== 'labelled' && metric !== 'predictions')
      values.set(metric, { value: result.value, n: result.n });
  }
  return values;
}

/** From when on a baseline holds that is made now: behind all that was counted so far, and what is on its way. */
export function behindNow(now: Millis, pane: Millis): Millis {
  return (Math.floor(now / pane) + 1) * pane;
}
