import type { Millis } from '../base/clock.ts';
import { isOutputFeature } from '../profile/feature-spec.ts';
import type { Period } from '../rules/alert.ts';
import type { Undecided } from '../rules/evaluate-group.ts';
import type { WindowMeasurements } from '../rules/measurements.ts';
import { namedWindows } from '../rules/named-windows.ts';
import { namesStreamsOnly, needsLabels } from '../rules/needs-labels.ts';
import type { Rule, RuleGroup } from '../rules/rule.ts';
import type { Subject } from '../rules/subject.ts';
import { measureLabelled } from './measure-labelled.ts';
import { measurePeriod, type PeriodMeasurements, type Population } from './measure-period.ts';
import type { Measured, MeasurePorts } from './measure-ports.ts';
import { measureSegmentInputs } from './measure-segment-inputs.ts';
import { measureStreams, type StreamMeasurements } from './measure-streams.ts';
import { mergeMeasured } from './merge-measured.ts';
import {
  againstText,
  baselineText,
  elsewhere,
  identityOf,
  metricRows,
  otherWindows,
  type Served,
  type ServedPopulation,
  servedBy,
  versionsOf,
} from './served.ts';

/** Computes every metric that a rule group looks at, at one instant, for every model that it wants. */
export async function measureGroup(
  group: RuleGroup,
  instant: Millis,
  ports: MeasurePorts,
): Promise<Required<Measured> & { readonly undecided: Undecided }> {
  const found: Measured[] = [];
  const undecided = { inputs: new Set<string>(), performance: new Set<string>() };
  for (const model of ports.directory.models()) {
    if (!group.wantsModel(model)) continue;
    found.push(...(await measureModel(group, model, instant, undecided, ports)));
  }
  return { ...mergeMeasured(found), undecided };
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
      if (isAboutWhole(group)) found.push(await measureWhole({ ...served, segment: '' }, ports));
      found.push(...(await measureBySegment(served, ports)));
    }
  }
  if (labels === undefined || !group.rules.some(needsLabels)) return found;
  const due = servedBy(group, model, instant - labels.delay, ports);
  if (due.length === 0) undecided.performance.add(model);
  for (const served of due) {
    if (served.window.from < served.appliesFrom) undecided.performance.add(model);
    else found.push(await measureLabelled(served, instant, ports));
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

function isAboutWhole({ rules, wantsSegment }: RuleGroup): boolean {
  return wantsSegment === undefined && rules.some(({ each }) => each !== 'segment');
}

function measureWhole(about: ServedPopulation, ports: MeasurePorts): Promise<Measured> {
  return measureInputs(about, (period) => measurePeriod(about, period, ports), ports);
}

/** The segments that a group looks at, as far as no label is needed. */
async function measureBySegment(served: Served, ports: MeasurePorts): Promise<Measured[]> {
  const { model, baseline, window } = served;
  const { rules, wantsSegment } = served.group;
  const isAboutSegments = (rule: Rule): boolean =>
    !needsLabels(rule) && (wantsSegment !== undefined || rule.each === 'segment');
  if (!rules.some(isAboutSegments)) return [];
  const all = await ports.segmentsIn(baseline, model, window);
  const segments = all.filter((segment) => segment !== '' && (wantsSegment?.(segment) ?? true));
  const periods = new Map<string, Promise<(segment: string) => PeriodMeasurements>>();
  const measured: Measured[] = [];
  for (const segment of segments) {
    const measure = async (period: Period): Promise<PeriodMeasurements> => {
      const key = `${period.from}-${period.to}`;
      const known = periods.get(key) ?? measureSegmentInputs(served, segments, period, ports);
      periods.set(key, known);
      return (await known)(segment);
    };
    measured.push(await measureInputs({ ...served, segment }, measure, ports));
  }
  return measured;
}

/** The rules of a group that look at one population, the ones about labels apart. */
function rulesAbout({ group: { rules, wantsSegment }, segment }: Population): Rule[] {
  return rules.filter(
    (rule) =>
      !needsLabels(rule) && (wantsSegment !== undefined || (segment === '') === (rule.each !== 'segment')),
  );
}

/** The features and the model as a whole, as far as no label is needed. */
async function measureInputs(
  about: ServedPopulation,
  measure: (period: Period) => Promise<PeriodMeasurements>,
  ports: MeasurePorts,
): Promise<Measured> {
  const rules = rulesAbout(about);
  const isOfFeature = ({ each }: Rule): boolean => each === 'feature' || each === 'prediction';
  const own = await measure(about.window);
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
