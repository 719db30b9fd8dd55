import { type FeatureValue, featurePosition } from './features.ts';

export const MODEL = 'fraud';
export const VERSION = '7';
export const POSITIVE = 'fraud';
export const NEGATIVE = 'ok';

export type FraudClass = typeof POSITIVE | typeof NEGATIVE;

const DEVICE_RISK = featurePosition('device_risk');
const IP_RISK = featurePosition('ip_risk');
const ATTEMPTS = featurePosition('attempts_24h');
const NEW_DEVICE = featurePosition('is_new_device');
const DISTANCE = featurePosition('distance_km');
const EMAIL_AGE = featurePosition('email_age_days');

/**
 * The probability of fraud by logistic regression on six features. Labels are drawn with just this probability, so the
 * score is calibrated. The amount has no part in it: when amounts shift, the model stays as right as it was.
 */
export function fraudScore(values: readonly FeatureValue[]): number {
  const logit =
    -11.2 +
    9 * number(values, DEVICE_RISK) +
    6.5 * number(values, IP_RISK) +
    0.8 * number(values, ATTEMPTS) +
    (values[NEW_DEVICE] === true ? 3 : 0) +
    0.9 * Math.log1p(number(values, DISTANCE)) -
    0.3 * Math.log1p(number(values, EMAIL_AGE));
  return Math.round(1e6 / (1 + Math.exp(-logit))) / 1e6;
}

export function decide(score: number): FraudClass {
  return score >= 0.5 ? POSITIVE : NEGATIVE;
}

export function otherClass(label: FraudClass): FraudClass {
  return label === POSITIVE ? NEGATIVE : POSITIVE;
}

function number(values: readonly FeatureValue[], position: number): number {
  const value = values[position];
  return typeof value === 'number' ? value : 0;
}
