import type { Detector } from './change-detectors.ts';
import type { Change } from './error-stream.ts';
import type { MetricResult } from './result.ts';
import type { MetricName } from './table.ts';

/** The signals of change detectors, as conditions name them: who gives each, and which of its signals count. */
const SIGNALS = {
  'adwin.detected': { detector: 'adwin', counts: ['increase', 'decrease'] },
  'adwin.increased': { detector: 'adwin', counts: ['increase'] },
  'page_hinkley.detected': { detector: 'page_hinkley', counts: ['increase'] },
  'ddm.detected': { detector: 'ddm', counts: ['increase'] },
  'ddm.warning': { detector: 'ddm', counts: ['warning'] },
} as const satisfies Partial<
  Record<MetricName, { readonly detector: Detector; readonly counts: readonly Change['signal'][] }>
>;

type SignalName = keyof typeof SIGNALS;

const SIGNAL_NAMES = Object.keys(SIGNALS) as readonly SignalName[];

/**
 * Whether each detector said so in a window (1) or not (0).
 *
 * @param observations how many errors of the window detectors were shown; without any there is nothing to say.
 * @param changes what they said in it, in order.
 */
export function streamMetrics(
  task: 'classification' | 'regression',
  observations: number,
  changes: readonly Change[],
): MetricResult[] {
  const counted: MetricResult = {
    metric: 'stream_observations',
    n: observations,
    baselineN: 0,
    method: 'count',
    status: 'ok',
    value: observations,
  };
  return [counted, ...SIGNAL_NAMES.map((metric) => signalOf(metric, task, observations, changes))];
}

function signalOf(
  metric: SignalName,
  task: 'classification' | 'regression',
  observations: number,
  changes: readonly Change[],
): MetricResult {
  const { detector, counts } = SIGNALS[metric];
  const about = { metric, n: observations, baselineN: 0 };
  // Which never says anything then. To rules for models of all kinds that is a no, and not a lack of data.
  const isBlind = detector === 'ddm' && task === 'regression';
  const method = isBlind ? 'ddm sees predictions that are right or wrong, and no others' : detector;
  if (observations === 0) {
    const reason = 'no labelled prediction of the window was shown to the detectors';
    return { ...about, method, status: 'no_data', reason };
  }
  const last = changes
    .filter((change) => change.detector === detector && counts.some((signal) => signal === change.signal))
    .at(-1);
  if (last === undefined) return { ...about, method, status: 'ok', value: 0 };
  const where = `${last.signal} at ${new Date(last.at).toISOString()}, observation ${last.observation}`;
  return { ...about, method: `${detector}: ${where}`, status: 'ok', value: 1 };
}
