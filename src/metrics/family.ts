import { benjaminiHochberg } from '../stats/hypothesis/benjamini-hochberg.ts';
import { detectableEffect, requiredSize } from '../stats/power/detectable-effect.ts';
import type { MetricResult } from './result.ts';
import type { MetricName } from './table.ts';

/** What the minimum sizes are derived from: q_value < LEVEL has to find a shift of one standard deviation this often. */
const LEVEL = 0.01;
const POWER = 0.9;
const LARGE_SHIFT = 1;

type Window = Map<MetricName, MetricResult>;

/** The tests behind p_value, which share the level of a feature between them: at most this many. */
const TESTS_OF_A_FEATURE = 3;

/**
 * Adds what depends on how many features are looked at together: the smallest detectable effect, the q-values, and
 * the verdict that a window is too small to be tested at all.
 */
export function adjustFamily(family: readonly Window[]): void {
  const level = LEVEL / (TESTS_OF_A_FEATURE * Math.max(1, family.length));
  for (const window of family) addPower(window, level, family.length);
  adjust(family, 'p_value', 'q_value', (result) => (result?.status === 'ok' ? result.value : undefined));
  for (const [share, metric] of [
    ['missing_share', 'missing_q_value'],
    ['invalid_share', 'invalid_q_value'],
    ['unseen_share', 'unseen_q_value'],
  ] as const) {
    adjust(family, share, metric, (result) => (result?.status === 'ok' ? result.pValue : undefined));
  }
}

/** Adds the smallest effect that this window can show; takes the verdict from a window that could not even show a large one. */
function addPower(window: Window, level: number, features: number): void {
  const p = window.get('p_value');
  if (p === undefined) return;
  if (p.status === 'no_data') {
    window.set('detectable_effect', { ...p, metric: 'detectable_effect' });
    return;
  }
  const { n, baselineN } = p;
  window.set('detectable_effect', {
    metric: 'detectable_effect',
    n,
    baselineN,
    method: `standardized shift with ${POWER * 100} % power at q < ${LEVEL} among ${features} features`,
    status: 'ok',
    value: detectableEffect(n, baselineN, { level, power: POWER }),
  });
  const needed = requiredSize(LARGE_SHIFT, baselineN, { level, power: POWER });
  if (p.status !== 'ok' || (needed !== undefined && n >= needed)) return;
  const reason =
    needed === undefined
      ? `the reference has ${baselineN} values, too few for any window`
      : `${n} values, and it takes ${needed}`;
  window.set('p_value', {
    metric: 'p_value',
    n,
    baselineN,
    method: p.method,
    status: 'not_enough_data',
    reason: `${reason} to find a shift of one standard deviation with ${POWER * 100} % power among ${features} features`,
  });
}

/** Benjamini-Hochberg over one p-value of every feature; one without it passes on the reason. */
function adjust(
  family: readonly Window[],
  source: MetricName,
  target: MetricName,
  pValueOf: (result: MetricResult | undefined) => number | undefined,
): void {
  const tested = family.flatMap((window) => {
    const result = window.get(source);
    const pValue = pValueOf(result);
    return result === undefined || pValue === undefined ? [] : [{ window, result, pValue }];
  });
  const adjusted = benjaminiHochberg(tested.map(({ pValue }) => pValue));
  tested.forEach(({ window, result: { n, baselineN, method } }, i) => {
    window.set(target, {
      metric: target,
      n,
      baselineN,
      method: `Benjamini-Hochberg over ${tested.length} features, of ${method}`,
      status: 'ok',
      value: adjusted[i] as number,
    });
  });
  for (const window of family) {
    const result = window.get(source);
    if (result === undefined || window.has(target)) continue;
    const { n, baselineN } = result;
    const about = { metric: target, n, baselineN, method: 'none' };
    window.set(
      target,
      result.status === 'ok'
        ? { ...about, status: 'no_data', reason: 'the reference has no events' }
        : { ...about, status: result.status, reason: result.reason },
    );
  }
}
