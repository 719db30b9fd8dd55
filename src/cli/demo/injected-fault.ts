import type { Millis } from '../../base/clock.ts';
import { type Random, seededRandom } from '../../base/random.ts';
import { type FeatureValue, featurePosition } from './features.ts';
import { type FraudClass, otherClass } from './fraud-model.ts';

/** Something that goes wrong on purpose, for predictions made from `from` until `to` (exclusive). */
export type InjectedFault = {
  /** What goes wrong, for people. */
  readonly name: string;
  readonly from: Millis;
  readonly to: Millis;
  /** The feature that goes wrong, or whose segment does. */
  readonly feature: string;
  /** The alerts of rules/default.yaml that should find it: any of them will do. */
  readonly foundBy: readonly string[];
} & (
  | { readonly kind: 'scaled'; readonly factor: number }
  | { readonly kind: 'new_category'; readonly category: string; readonly share: number }
  /** Labels only: of predictions in the segment, this share turns out the other way. Inputs and scores stay as they are. */
  | { readonly kind: 'flipped_labels'; readonly segment: string; readonly share: number }
);

const HOUR: Millis = 3_600_000;

/** A day's three faults, each two hours long, early enough that late labels tell of the last one before the day is over. */
export function defaultFaults(day: Millis): readonly InjectedFault[] {
  return [
    {
      kind: 'scaled',
      name: 'amounts are 1.8 times as large',
      from: day + 6 * HOUR,
      to: day + 8 * HOUR,
      feature: 'amount',
      factor: 1.8,
      foundBy: ['FeatureDrift'],
    },
    {
      kind: 'new_category',
      name: 'a new merchant category takes 6 % of the traffic',
      from: day + 10 * HOUR,
      to: day + 12 * HOUR,
      feature: 'merchant_category',
      category: 'crypto_exchange',
      share: 0.06,
      foundBy: ['NewCategory', 'FeatureDrift'],
    },
    {
      kind: 'flipped_labels',
      name: 'the model is wrong about Brazil, and no input shows it',
      from: day + 14 * HOUR,
      to: day + 16 * HOUR,
      feature: 'country',
      segment: 'BR',
      share: 0.8,
      foundBy: ['AccuracyDrop'],
    },
  ];
}

/** For traffic that goes on: in every forty minutes twenty-five of peace, then fifteen of one of the three faults in turn. */
export function recurringFaults(start: Millis, duration: Millis): readonly InjectedFault[] {
  const [period, length] = [(2 * HOUR) / 3, HOUR / 4];
  const kinds = defaultFaults(start);
  return Array.from({ length: Math.floor(duration / period) }, (_, index) => {
    const to = start + (index + 1) * period;
    return { ...(kinds[index % kinds.length] as InjectedFault), from: to - length, to };
  });
}

export interface FaultInjector {
  /** Changes the feature values of a prediction made at `at`. */
  alter(at: Millis, values: FeatureValue[]): void;
  /** The label that a prediction made at `at` gets in truth's place. */
  relabel(at: Millis, values: readonly FeatureValue[], label: FraudClass): FraudClass;
}

/** Each fault draws from a generator of its own, so that the rest of the traffic is the same with and without it. */
export function faultInjector(faults: readonly InjectedFault[], seed: number): FaultInjector {
  const armed = faults.map((fault, index) => ({
    fault,
    position: featurePosition(fault.feature),
    random: seededRandom(seed + index),
  }));
  return {
    alter(at, values) {
      for (const { fault, position, random } of armed) {
        if (at >= fault.from && at < fault.to)
          values[position] = altered(fault, random, values[position] ?? null);
      }
    },
    relabel(at, values, label) {
      for (const { fault, position, random } of armed) {
        if (at < fault.from || at >= fault.to || fault.kind !== 'flipped_labels') continue;
        if (values[position] === fault.segment && random() < fault.share) return otherClass(label);
      }
      return label;
    },
  };
}

function altered(fault: InjectedFault, random: Random, value: FeatureValue): FeatureValue {
  switch (fault.kind) {
    case 'scaled':
      return typeof value === 'number' ? Math.round(value * fault.factor * 100) / 100 : value;
    case 'new_category':
      return random() < fault.share ? fault.category : value;
    case 'flipped_labels':
      return value;
  }
}
