import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEATURES, type FeatureValue, featurePosition } from '../../../src/cli/demo/features.ts';
import {
  defaultFaults,
  faultInjector,
  type InjectedFault,
  recurringFaults,
} from '../../../src/cli/demo/injected-fault.ts';

const HOUR = 3_600_000;
const DAY = Date.UTC(2026, 2, 2);
const FAULTS = defaultFaults(DAY);
const [SHIFT, CATEGORY, FLIP] = FAULTS as [InjectedFault, InjectedFault, InjectedFault];

function row(values: Record<string, FeatureValue>): FeatureValue[] {
  return FEATURES.map(([name]) => values[name] ?? null);
}

describe('the faults of the day', () => {
  it('are three, two hours each, with two hours and more between them', () => {
    expect(FAULTS.map(({ kind }) => kind)).toEqual(['scaled', 'new_category', 'flipped_labels']);
    for (const [index, { from, to }] of FAULTS.entries()) {
      expect(to - from).toBe(2 * HOUR);
      expect(from).toBeGreaterThanOrEqual((FAULTS[index - 1]?.to ?? DAY) + 2 * HOUR);
    }
  });

  it('end early enough for the last labels to come before the day is over', () => {
    expect(FLIP.to).toBeLessThanOrEqual(DAY + 19 * HOUR);
  });

  it('name alerts that the shipped rules have, and features that the demo has', () => {
    const rules = readFileSync(new URL('../../../rules/default.yaml', import.meta.url), 'utf8');
    for (const { foundBy, feature } of FAULTS) {
      expect(featurePosition(feature)).toBeGreaterThanOrEqual(0);
      for (const alert of foundBy) expect(rules).toContain(`alert: ${alert}\n`);
    }
  });
});

describe('a fault', () => {
  it('scales a number while it lasts, and no longer', () => {
    const injector = faultInjector(FAULTS, 1);
    const amountAt = (at: number): FeatureValue => {
      const values = row({ amount: 100, merchant_category: 'fuel' });
      injector.alter(at, values);
      return values[featurePosition('amount')] ?? null;
    };
    expect([SHIFT.from - 1, SHIFT.from, SHIFT.to - 1, SHIFT.to].map(amountAt)).toEqual([100, 180, 180, 100]);
  });

  it('gives a share of the traffic a category that was never there', () => {
    const injector = faultInjector(FAULTS, 1);
    let seen = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const values = row({ merchant_category: 'fuel' });
      injector.alter(CATEGORY.from, values);
      if (values[featurePosition('merchant_category')] === 'crypto_exchange') seen += 1;
    }
    expect(seen / 20_000).toBeCloseTo(0.06, 2);
  });

  it('flips labels of its segment alone, and touches no value', () => {
    const always: InjectedFault = { ...(FLIP as InjectedFault & { kind: 'flipped_labels' }), share: 1 };
    const injector = faultInjector([always], 1);
    const brazil = row({ country: 'BR' });
    const germany = row({ country: 'DE' });
    const at = FLIP.from;
    injector.alter(at, brazil);
    expect(brazil).toEqual(row({ country: 'BR' }));
    expect(injector.relabel(at, brazil, 'ok')).toBe('fraud');
    expect(injector.relabel(at, brazil, 'fraud')).toBe('ok');
    expect(injector.relabel(at, germany, 'ok')).toBe('ok');
    expect(injector.relabel(FLIP.to, brazil, 'ok')).toBe('ok');
  });
});

describe('the faults of traffic that goes on', () => {
  it('come in turn, one at a time, with most of the traffic sound', () => {
    const faults = recurringFaults(DAY, 24 * HOUR);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBe(3);
    for (const [index, { from, to }] of faults.entries()) {
      expect(from).toBeGreaterThan(faults[index - 1]?.to ?? DAY);
      expect(to).toBeLessThanOrEqual(DAY + 24 * HOUR);
    }
    const faulty = faults.reduce((sum, { from, to }) => sum + to - from, 0);
    expect(faulty).toBeLessThan(12 * HOUR);
  });
});
