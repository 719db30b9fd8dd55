import { seededRandom } from '../../src/base/random.ts';
import type { Answer } from '../../src/event/events.ts';
import type { ReplayRecord } from '../../src/pipeline/replay.ts';

/** One prediction and what turned out to be true. */
export interface LabelledCase {
  readonly timestamp: number;
  readonly prediction?: Answer | undefined;
  readonly score?: number | undefined;
  readonly label: Answer;
  /** Those of a random number alone, unless said. */
  readonly features?: Readonly<Record<string, unknown>>;
}

export interface Lateness {
  readonly model: string;
  /** Labels come up to this long after their prediction, in random order. */
  readonly latest: number;
  /** This share of labels is wrong at first, and corrected later. */
  readonly corrected: number;
  /** This share never comes. */
  readonly never: number;
  /** This share is there before its prediction. */
  readonly early: number;
  /** A label that is wrong. */
  readonly wrong: (label: Answer, random: () => number) => Answer;
}

export interface LateLog {
  readonly records: readonly ReplayRecord[];
  /** What is known in the end; without the labels that never come. */
  readonly known: readonly (LabelledCase & { readonly isLabelled: boolean })[];
}

/** A log of predictions and of their labels, each where it was known: late, twice, before the prediction, or not at all. */
export function lateLabelsLog(cases: readonly LabelledCase[], seed: number, lateness: Lateness): LateLog {
  const { model, latest, corrected, never, early, wrong } = lateness;
  const random = seededRandom(seed);
  const entries: Array<readonly [time: number, entry: object]> = [];
  const known = cases.map((one, i) => {
    const { timestamp, prediction, score, label } = one;
    const about = { model, prediction_id: `${model}-${i}` };
    const features = { x: random(), ...one.features };
    entries.push([timestamp, { ...about, version: '1', timestamp, features, prediction, score }]);
    if (random() < never) return { ...one, isLabelled: false };
    const known = timestamp + (random() < early ? -1_000 : Math.floor(random() * latest));
    if (random() < corrected) {
      // Told later and stamped later; or told before and stamped so, and yet read last.
      const first = Math.min(known, timestamp + Math.floor(random() * latest));
      const place = random() < 0.5 ? first : known + 1_000;
      entries.push([place, { ...about, label: wrong(label, random), timestamp: first - 1 }]);
    }
    entries.push([known, { ...about, label, timestamp: known }]);
    return { ...one, isLabelled: true };
  });
  entries.sort(([a], [b]) => a - b);
  const records = entries.map(([, entry], i) => ({
    topic: 'log.ndjson',
    offset: i + 1,
    timestamp: undefined,
    value: Buffer.from(JSON.stringify(entry)),
  }));
  return { records, known };
}
