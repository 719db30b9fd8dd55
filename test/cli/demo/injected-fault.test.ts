import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FEATURES, type FeatureValue, featurePosition } from '../../../src/cli/demo/features.ts';
import { defaultFaults, faultInjector, type InjectedFault } from '../../../src/cli/demo/injected-fault.ts';

const HOUR = 3_600_000;
const DAY = Date.UTC(2026, 2, 2);
const FAULTS = defaultFaults(DAY);

function row(values: Record<string, FeatureValue>): FeatureValue[] {
  return FEATURES.map(([name]) => values[name] ?? null);
}

describe('the faults of the day', () => {
  it('are three, two hours each, and never two at once', () => {
    expect(FAULTS.map(({ from, to }) => [(from - DAY) / HOUR, (to - DAY) / HOUR])).toEqual([
      [6, 8],
      [10, 12],
      [14, 16],
    ]);
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
    const at = (hour: number): FeatureValue => {
      const values = row({ amount: 100, merchant_category: 'fuel' });
      injector.alter(DAY + hour * HOUR, values);
      return values[featurePosition('amount')] ?? null;
    };
    expect([5.999, 6, 7.999, 8].map(at)).toEqual([100, 180, 180, 100]);
  });

  it('gives a share of the traffic a category that was never there', () => {
    const injector = faultInjector(FAULTS, 1);
    let seen = 0;
    for (let i = 0; i < 20_000; i += 1) {
      const values = row({ merchant_category: 'fuel' });
      injector.alter(DAY + 11 * HOUR, values);
      if (values[featurePosition('merchant_category')] === 'crypto_exchange') seen += 1;
    }
    expect(seen / 20_000).toBeCloseTo(0.06, 2);
  });

  it('flips labels of its segment alone, and touches no value', () => {
    const always: InjectedFault = { ...(FAULTS[2] as InjectedFault & { kind: 'flipped_labels' }), share: 1 };
    const injector = faultInjector([always], 1);
    const brazil = row({ country: 'BR' });
    const germany = row({ country: 'DE' });
    const at = DAY + 15 * HOUR;
    injector.alter(at, brazil);
    expect(brazil).toEqual(row({ country: 'BR' }));
    expect(injector.relabel(at, brazil, 'ok')).toBe('fraud');
    expect(injector.relabel(at, brazil, 'fraud')).toBe('ok');
    expect(injector.relabel(at, germany, 'ok')).toBe('ok');
    expect(injector.relabel(at + 2 * HOUR, brazil, 'ok')).toBe('ok');
  });
});
