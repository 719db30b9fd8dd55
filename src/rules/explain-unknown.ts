import { didYouMean } from '../base/nearest.ts';
import { DETECTORS } from '../metrics/change-detectors.ts';
import {
  INTERVAL_METRICS,
  METRICS,
  type MetricName,
  type MetricScope,
  NATURAL_METRICS,
} from '../metrics/table.ts';
import { explainFrame, frameOf, looksLikeFrame } from './frame.ts';
import { OWNERS, TESTS, variablesOf } from './variables.ts';

/**
 * Says why a name means nothing in this scope, and which one would.
 *
 * @param known further names that may stand here, such as labels in a template.
 * @param what was expected: a metric, a variable.
 */
export function explainUnknown(
  name: string,
  scope: MetricScope,
  known: Iterable<string> = [],
  what = 'metric',
): string {
  const dot = name.indexOf('.');
  const head = dot === -1 ? name : name.slice(0, dot);
  if (looksLikeFrame(head)) return explainFramed(head, dot === -1 ? '' : name.slice(dot + 1), scope, what);
  if (isOwner(name)) return needsMetric(name, scope);
  const bare = name.replace(/^baseline\./, '');
  if (variablesOf(scope === 'feature' ? 'model' : 'feature').has(name)) {
    return scope === 'feature'
      ? `"${name}" describes the model as a whole; it belongs in a rule with "each: model"`
      : `"${name}" describes one feature; it belongs in a rule with "each: feature" or "each: prediction"`;
  }
  if (bare !== name && isMetric(bare) && METRICS[bare].nature === 'difference') {
    return `"${name}" does not exist: ${bare} is itself a comparison with the baseline`;
  }
  if (name.startsWith('natural.')) {
    return `"${name}" does not exist: natural variability is known of ${NATURAL_METRICS.join(', ')}`;
  }
  if (/^(?:lower|upper)\./.test(name)) {
    return `"${name}" does not exist: a confidence interval is known of ${INTERVAL_METRICS.join(', ')}`;
  }
  const tested = name.replace(/_p_value$/, '');
  if (tested !== name && isMetric(tested)) {
    return `"${tested}" has no p-value; these have one: ${TESTS.join(', ')}`;
  }
  const words = [...variablesOf(scope).keys(), ...OWNERS, 'previous', ...known];
  return `unknown ${what} "${name}"${didYouMean(name, words)}`;
}

/** The same for a name behind that of a window. */
function explainFramed(head: string, rest: string, scope: MetricScope, what: string): string {
  if (frameOf(head) === undefined) return explainFrame(head);
  if (rest === '' || isOwner(rest)) return needsMetric(rest === '' ? head : `${head}.${rest}`, scope);
  if (variablesOf(scope).get(rest)?.kind === 'text') {
    return `"${head}.${rest}" does not exist: ${rest} is the same in every window`;
  }
  return explainUnknown(rest, scope, [], what);
}

function needsMetric(owner: string, scope: MetricScope): string {
  const ofFeature = owner.endsWith('baseline') ? 'mean' : 'psi_adjusted';
  const isDetector = DETECTORS.some((detector) => owner.endsWith(detector));
  const example = isDetector ? 'detected' : scope === 'feature' ? ofFeature : 'accuracy';
  return `"${owner}" needs the name of a metric, such as ${owner}.${example}`;
}

function isOwner(name: string): boolean {
  return OWNERS.some((owner) => owner === name);
}

function isMetric(name: string): name is MetricName {
  return Object.hasOwn(METRICS, name);
}
