import { gaussian, type Random, seededRandom } from '../../src/base/random.ts';

/** The model that the events of this benchmark are of. */
export const MODEL = 'checkout-risk';
const VERSION = '2026-11-03';

const COUNTRIES = ['DE', 'FR', 'BR', 'US', 'GB', 'IN', 'ES', 'IT', 'NL', 'PL', 'SE', 'MX'];
const DEVICES = ['ios', 'android', 'web', 'tablet'];
const MERCHANTS = ['grocery', 'travel', 'electronics', 'fuel', 'clothing', 'gaming', 'restaurant'];

/** The kinds of values that feature stores hand out, in turns: three in five are doubles of full precision. */
const KINDS: ReadonlyArray<(random: Random, position: number) => number | string | boolean | null> = [
  (random, position) => gaussian(random) * (1 + (position % 7)),
  (random) => Math.round(100 * Math.exp(3 + gaussian(random))) / 100,
  (random) => random(),
  (random) => Math.floor(40 * random() ** 2),
  (random, position) => 20 + (position % 5) + gaussian(random),
  (random) => pick(random, COUNTRIES),
  (random) => Math.exp(gaussian(random)),
  (random) => (random() < 0.08 ? null : 18 + Math.floor(60 * random())),
  (random) => gaussian(random) / 10,
  (random) => random() < 0.2,
  (random) => -Math.log(1 - random()) * 5_400,
  (random) => pick(random, DEVICES),
  (random) => random() ** 3,
  (random) => 1_420_000_000_000 + Math.floor(3e11 * random()),
  (random) => gaussian(random),
  (random) => pick(random, MERCHANTS),
];

/** Draws the features of one event, by name and in the order in which a producer writes them. */
function drawFeatures(random: Random, count: number): Record<string, number | string | boolean | null> {
  const features: Record<string, number | string | boolean | null> = {};
  for (let i = 0; i < count; i += 1) {
    const draw = KINDS[i % KINDS.length] as (typeof KINDS)[number];
    features[`in_${String(i).padStart(2, '0')}`] = draw(random, i);
  }
  return features;
}

/** A seeded stream of predictions as serving code logs them: the text of event i is the same in every run. */
export function eventTexts(seed: number, features: number): (index: number, at: number) => string {
  const random = seededRandom(seed);
  return (index, at) => {
    const score = random();
    return JSON.stringify({
      prediction_id: `3f0c9a52-7be1-4d08-${hex(seed, 4)}-${hex(index, 12)}`,
      model: MODEL,
      version: VERSION,
      timestamp: new Date(at).toISOString(),
      features: drawFeatures(random, features),
      prediction: score > 0.9 ? 'fraud' : 'ok',
      score,
    });
  };
}

function pick(random: Random, values: readonly string[]): string {
  return values[Math.floor(values.length * random())] as string;
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0');
}
