import { gaussian, type Random } from '../../base/random.ts';
import { exponential, logitNormal, lognormal, pareto, poisson, studentT, zipf } from './distributions.ts';

export type FeatureValue = number | string | boolean | null;

/**
 * Draws one value.
 *
 * @param wave time of day: -1 at midnight, 1 at noon (UTC). What follows it does so mildly, far below what an hour of
 * traffic can be told apart from a day by.
 */
type Draw = (random: Random, wave: number) => FeatureValue;

const CHANNELS = ['web', 'app', 'phone'];

const MERCHANT_CATEGORIES = [
  'grocery',
  'restaurant',
  'fuel',
  'clothing',
  'electronics',
  'travel',
  'pharmacy',
  'subscription',
  'furniture',
  'gaming',
  'tickets',
  'jewellery',
];

const COUNTRIES = (
  'BR US DE GB FR IN ES IT MX NL PL CA AU JP SE PT AR CL CO TR BE CH AT DK NO FI IE CZ RO GR ' +
  'HU ZA KR SG AE IL NZ PE UY EC TH VN PH MY ID EG MA NG KE UA BG HR SK SI LT LV EE IS LU MT'
).split(' ');

const INSTALMENTS = [1, 3, 6, 12, 24];

const channel = zipf(CHANNELS);
const merchantCategory = zipf(MERCHANT_CATEGORIES);
const country = zipf(COUNTRIES);

/** The features of the fraud model, one for each shape that real ones have. */
export const FEATURES: ReadonlyArray<readonly [name: string, draw: Draw]> = [
  ['amount', (random) => round(lognormal(random, 3.6, 0.9), 100)],
  ['account_balance', (random) => round(2_500 + 900 * gaussian(random), 100)],
  ['browser_entropy', (random) => round(20 * random(), 1_000)],
  ['seconds_since_last', (random) => round(exponential(random, 5_400), 10)],
  ['balance_change', (random) => round(120 * studentT(random, 3), 100)],
  ['merchant_volume', (random) => round(pareto(random, 500, 1.5), 1)],
  ['items', (random, wave) => 1 + poisson(random, 2.2 + 0.06 * wave)],
  ['attempts_24h', (random) => poisson(random, 1.4)],
  ['discount', (random) => (random() < 0.7 ? 0 : round(exponential(random, 8), 100))],
  ['device_risk', (random) => round(logitNormal(random, -1, 1.2), 10_000)],
  ['ip_risk', (random) => round(logitNormal(random, -0.6, 1.4), 10_000)],
  ['account_created_ms', (random) => Math.floor(1.42e12 + 3.4e11 * random())],
  ['fee_rate', (random) => round(3e-6 + 4e-7 * gaussian(random), 1e9)],
  ['schema_version', () => 3],
  ['channel', (random) => channel(random)],
  ['merchant_category', (random) => merchantCategory(random)],
  ['country', (random) => country(random)],
  ['is_new_device', (random) => random() < 0.15],
  ['is_card_present', (random, wave) => random() < 0.4 + 0.02 * wave],
  ['age', (random) => (random() < 0.08 ? null : Math.min(95, 18 + Math.floor(exponential(random, 22))))],
  ['employer_score', (random) => (random() < 0.4 ? null : round(50 + 12 * gaussian(random), 10))],
  ['instalments', (random) => INSTALMENTS[Math.min(4, poisson(random, 0.6))] ?? 1],
  ['distance_km', (random) => round(lognormal(random, 2.5, 1.3), 100)],
  ['email_age_days', (random) => Math.floor(exponential(random, 600))],
  ['session_seconds', (random, wave) => round(lognormal(random, 4.8 + 0.04 * wave, 0.7), 10)],
];

const POSITIONS = new Map(FEATURES.map(([name], position) => [name, position]));

/** Where a feature stands among the values of a row. */
export function featurePosition(name: string): number {
  const position = POSITIONS.get(name);
  if (position === undefined) throw new RangeError(`the demo has no feature ${name}`);
  return position;
}

/** Decimals as a producer would write them; full doubles would also be slow to print. */
function round(value: number, steps: number): number {
  return Math.round(value * steps) / steps;
}
