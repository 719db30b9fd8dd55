import type { Millis } from '../../base/clock.ts';
import { type Random, seededRandom } from '../../base/random.ts';
import type { PredictionEvent } from '../../event/events.ts';
import { PREDICTION_FEATURE, SCORE_FEATURE } from '../../profile/feature-spec.ts';
import type { Draw } from '../../rules/unit-test/distribution.ts';
import type { DrawnFeature, RuleTest } from '../../rules/unit-test/rule-test.ts';

/** Where the values of one feature come from; those of another do not depend on it. */
interface Source {
  readonly name: string;
  readonly drawn: DrawnFeature;
  readonly random: Random;
}

/** Draws the events of a test, in the order of time: first those of the baseline, then those of its intervals. */
export class DrawnEvents {
  readonly #test: RuleTest;
  readonly #sources: readonly Source[];

  constructor(test: RuleTest) {
    this.#test = test;
    this.#sources = Array.from(test.drawn, ([name, drawn]) => {
      return { name, drawn, random: seededRandom(test.seed + hashOf(name)) };
    });
  }

  /** The events in each interval. */
  get counts(): number[] {
    const windows = this.#sources[0]?.drawn.windows ?? [];
    return windows.flatMap(({ count, intervals }) => new Array<number>(intervals).fill(count));
  }

  *baseline(): Generator<PredictionEvent> {
    const count = this.#sources[0]?.drawn.baseline.count ?? 0;
    const draws = this.#sources.map(({ drawn }) => drawn.baseline.draw);
    const { start, interval } = this.#test;
    for (let row = 0; row < count; row += 1) yield this.#event(start - interval, draws);
  }

  *interval(index: number, count: number): Generator<PredictionEvent> {
    const draws = this.#sources.map(({ drawn }) => drawAt(drawn, index));
    const timestamp = this.#test.start + index * this.#test.interval;
    for (let row = 0; row < count; row += 1) yield this.#event(timestamp, draws);
  }

  #event(timestamp: Millis, draws: readonly Draw[]): PredictionEvent {
    const { model, version } = this.#test;
    const features: Record<string, unknown> = {};
    let prediction: unknown;
    let score: unknown;
    for (const [i, { name, random }] of this.#sources.entries()) {
      const value = draws[i]?.(random);
      if (name === PREDICTION_FEATURE) prediction = value;
      else if (name === SCORE_FEATURE) score = value;
      else features[name] = value;
    }
    return {
      kind: 'prediction',
      model,
      version,
      timestamp,
      predictionId: undefined,
      features,
      prediction: typeof prediction === 'string' || typeof prediction === 'number' ? prediction : undefined,
      score: typeof score === 'number' ? score : undefined,
      label: undefined,
    };
  }
}

function drawAt({ windows }: DrawnFeature, interval: number): Draw {
  let left = interval;
  for (const { draw, intervals } of windows) {
    if (left < intervals) return draw;
    left -= intervals;
  }
  return () => null;
}

function hashOf(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i += 1) hash = (hash * 31 + text.charCodeAt(i)) % 2 ** 31;
  return hash;
}
