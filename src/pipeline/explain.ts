import type { Millis } from '../base/clock.ts';
import { within } from '../base/within.ts';
import { explainWindow } from '../metrics/explain-window.ts';
import type { Explanation } from '../metrics/explanation.ts';
import type { PerformancePolicy } from '../metrics/labelled-evidence.ts';
import { movedFeatures } from '../metrics/moved-features.ts';
import { windowMetrics } from '../metrics/window-metrics.ts';
import type { Baseline } from '../profile/baseline.ts';
import type { Alert, Period } from '../rules/alert.ts';
import { needsLabels } from '../rules/needs-labels.ts';
import { ruleKey, ruleKeyOfAlert } from '../rules/remembered-alerts.ts';
import type { RuleGroup } from '../rules/rule.ts';
import type { SegmentLosses, SegmentWindow } from '../store/segment-losses.ts';
import type { Judge } from './evaluator.ts';
import type { MeasurePorts } from './measure-ports.ts';
import { loadReference, type VersionProfiles } from './reference-window.ts';

export interface ExplainPorts extends Pick<MeasurePorts, 'directory' | 'policies' | 'mergedProfiles'> {
  readonly segmentLosses: (
    window: SegmentWindow,
    policy: PerformancePolicy | undefined,
  ) => Promise<SegmentLosses>;
  /** Told why alerts go without an explanation; of undefined when they have one. */
  readonly onOutcome: (failure: unknown) => void;
  /** How long the alerts of an evaluation wait for explanations. */
  readonly limit: Millis;
}

/** What alerts have in common that are explained alike. */
interface Question {
  readonly group: RuleGroup;
  readonly model: string;
  readonly version: string;
  readonly about: 'performance' | 'predictions';
  readonly period: Period;
}

const DAY: Millis = 24 * 3_600_000;
/** Windows of an incident that are looked at: the newest ones. */
const MOST_WINDOWS = 24;
/** Explanations of one evaluation. Whoever gets more alerts at once has another question. */
const MOST_EXPLAINED = 20;

/**
 * Explains each alert about a model's performance or its predictions when it begins to fire. What was found is part of the
 * alert from then on, and is committed with it, so that it is computed once. It is never waited for longer than the deadline:
 * an alert is worth more than why.
 */
export function explainingFirings(judge: Judge, ports: ExplainPorts): Judge {
  return async (group, instant, before, signal) => {
    const outcome = await judge(group, instant, before, signal);
    const firing = outcome.transitions.filter(({ to }) => to === 'firing').map(({ alert }) => alert);
    const found = await explainAll(group, firing, ports);
    if (found.size === 0) return outcome;
    const explained = (alert: Alert): Alert => {
      const explanation = found.get(alert.fingerprint);
      return explanation === undefined ? alert : { ...alert, explanation };
    };
    return {
      ...outcome,
      states: Object.fromEntries(
        Object.entries(outcome.states).map(([key, state]) => [
          key,
          { ...state, alert: explained(state.alert) },
        ]),
      ),
      transitions: outcome.transitions.map((transition) => ({
        ...transition,
        alert: explained(transition.alert),
      })),
      active: outcome.active.map(explained),
    };
  };
}

/** By fingerprint; alerts that cannot be explained, or not in time, are not there. */
async function explainAll(
  group: RuleGroup,
  alerts: readonly Alert[],
  ports: ExplainPorts,
): Promise<ReadonlyMap<string, Explanation>> {
  const asked = new Map<string, { readonly question: Question; readonly fingerprints: string[] }>();
  for (const alert of alerts) {
    const question = questionOf(group, alert);
    if (question === undefined) continue;
    const { model, version, about, period } = question;
    const key = JSON.stringify([model, version, about, period]);
    const known = asked.get(key) ?? { question, fingerprints: [] };
    known.fingerprints.push(alert.fingerprint);
    asked.set(key, known);
  }
  const found = new Map<string, Explanation>();
  const end = performance.now() + ports.limit;
  try {
    for (const { question, fingerprints } of [...asked.values()].slice(0, MOST_EXPLAINED)) {
      const explanation = await within(end - performance.now(), explain(question, ports));
      if (explanation === undefined) continue;
      for (const fingerprint of fingerprints) found.set(fingerprint, explanation);
    }
    if (found.size > 0) ports.onOutcome(undefined);
  } catch (error) {
    ports.onOutcome(error);
  }
  return found;
}

/** Undefined for alerts that have no explanation: those about inputs, and about segments, which say where by themselves. */
function questionOf(group: RuleGroup, alert: Alert): Question | undefined {
  const { model = '', version = '', segment } = alert.labels;
  const key = ruleKeyOfAlert(alert);
  const rule = group.rules.find((one) => ruleKey(one) === key);
  if (rule === undefined || segment !== undefined) return undefined;
  const { to } = alert.window;
  const period = { from: Math.max(alert.since, to - MOST_WINDOWS * group.window), to };
  const about = needsLabels(rule) ? 'performance' : rule.each === 'prediction' ? 'predictions' : undefined;
  return about && { group, model, version, about, period };
}

async function explain(
  { group, model, version, about, period: asked }: Question,
  ports: ExplainPorts,
): Promise<Explanation | undefined> {
  const entry = ports.directory.activation(model, version, asked.to - 1);
  if (entry === undefined) return undefined;
  const { appliesFrom, active } = entry;
  const period = { from: Math.max(asked.from, appliesFrom), to: asked.to };
  const features = await featuresOf(group, model, version, active.baseline, period, ports);
  const { segments, labels, ...policy } = ports.policies(model);
  const begin = Math.max(appliesFrom, period.from - Math.max(DAY, period.to - period.from));
  const reference = begin < period.from ? { from: begin, to: period.from } : undefined;
  const compared = { period, ...(reference !== undefined && { reference }) };
  // Predictions are kept of models with labels alone.
  if (segments.length === 0 || labels === undefined) return explainWindow(compared, features, undefined);
  const losses = await ports.segmentLosses(
    { model, version, from: begin, since: period.from, to: period.to, features: segments },
    about === 'performance' ? policy : undefined,
  );
  const explained =
    about === 'predictions' ? 'score' : policy.task === 'classification' ? 'wrong' : 'distance';
  return explainWindow(compared, features, { ...losses, features: segments, explained });
}

async function featuresOf(
  group: RuleGroup,
  model: string,
  version: string,
  baseline: Baseline,
  period: Period,
  ports: ExplainPorts,
): Promise<ReturnType<typeof movedFeatures>> {
  const merged = (of: Period): Promise<VersionProfiles> => ports.mergedProfiles(baseline, model, of, '');
  const profiles = await merged(period);
  const own = new Map([...baseline.features].map(([name, feature]) => [name, feature.reference]));
  const reference = (await loadReference(group.against, period, own, profiles, merged))(version);
  const current = profiles.get(version) ?? new Map();
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  return movedFeatures(baseline, windowMetrics(specs, reference, current, { draws: 0 }), reference, current);
}
