import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { describeChange } from '../../../src/metrics/describe-change.ts';
import { performance } from '../../../src/metrics/performance-metrics.ts';
import { pictureOf } from '../../../src/metrics/picture.ts';
import { windowMetrics } from '../../../src/metrics/window-metrics.ts';
import type { ComparedFeature, Comparison } from '../../../src/pipeline/compare/comparison.ts';
import { baselineOf, type Columns, eventsOf, profilesOf } from '../../metrics/full-path.ts';

/** Compares two tables through profiles and metrics; the rule is a plain one. */
export function comparisonOf(reference: Columns, current: Columns): Comparison {
  const baseline = baselineOf(eventsOf(reference));
  const events = eventsOf(current);
  const specs = new Map([...baseline.features].map(([name, { spec }]) => [name, spec]));
  const references = new Map([...baseline.features].map(([name, feature]) => [name, feature.reference]));
  const currents = profilesOf(baseline, events);
  const measured = windowMetrics(specs, references, currents);
  const features = [...specs].map(([name, spec]): ComparedFeature => {
    const before = references.get(name);
    const now = currents.get(name);
    const metrics = measured.get(name);
    if (before === undefined || now === undefined || metrics === undefined) throw new Error(`no ${name}`);
    const value = (
      metric: 'effect_size' | 'psi_adjusted' | 'q_value' | 'missing_q_value',
    ): number | undefined => {
      const result = metrics.window.get(metric);
      return result?.status === 'ok' ? result.value : undefined;
    };
    const alerts = [
      ...((value('q_value') ?? 1) < 0.01 &&
      Math.max(value('effect_size') ?? 0, value('psi_adjusted') ?? 0) > 0.1
        ? ['FeatureDrift']
        : []),
      ...((value('missing_q_value') ?? 1) < 0.01 ? ['MissingValues'] : []),
    ];
    const psi = metrics.window.get('psi');
    return {
      name,
      kind: spec.kind,
      role: 'feature',
      status: psi?.status ?? 'undefined',
      reason: psi?.status === 'ok' ? null : (psi?.reason ?? 'it was not measured'),
      n: now.n,
      baselineN: before.n,
      drifted: alerts.length > 0,
      alerts,
      metrics: metrics.window,
      referenceMetrics: metrics.reference,
      change: describeChange(spec, before, now),
      picture: pictureOf(spec, before, now),
    };
  });
  const moved = (feature: ComparedFeature): number => {
    const effect = feature.metrics.get('effect_size');
    return (feature.drifted ? 1000 : 0) + (effect?.status === 'ok' ? effect.value : -1);
  };
  return {
    reference: { file: 'march.csv.gz', rows: baseline.features.size === 0 ? 0 : rowsOf(reference) },
    current: { file: 'april.parquet', rows: rowsOf(current) },
    features: features.toSorted((a, b) => moved(b) - moved(a)),
    multivariate: undefined,
    performance: undefined,
    notes: [],
  };
}

/** Two seeded tables of orders with one column of every sort. */
export function exampleComparison(): Comparison {
  const comparison = comparisonOf(orders(seededRandom(1), 4000, false), orders(seededRandom(2), 1000, true));
  const together = comparison.features.find(({ name }) => name === '__multivariate__');
  if (together === undefined) throw new Error('the numeric features were not taken together');
  const role = (name: string): ComparedFeature['role'] =>
    name === 'prediction' || name === 'score' ? name : 'feature';
  return {
    ...comparison,
    features: comparison.features
      .filter((feature) => feature !== together)
      .map((feature) => ({ ...feature, role: role(feature.name) })),
    multivariate: { ...together, role: 'multivariate' },
    performance: {
      reference: performance(judged(3400, 150, 120, 330)),
      current: performance(judged(800, 60, 55, 85)),
    },
    notes: [
      'The column "order_id" was set aside: nearly every value is different.',
      'The column "coupon" is in the reference only.',
    ],
  };
}

function orders(random: () => number, rows: number, later: boolean): Columns {
  const pick = (shares: Readonly<Record<string, number>>) => (): string => {
    let rest = random();
    for (const [name, share] of Object.entries(shares)) {
      rest -= share;
      if (rest < 0) return name;
    }
    return Object.keys(shares)[0] ?? '';
  };
  const column = (value: () => unknown): unknown[] => draws(random, rows, value);
  return {
    amount: column(() => Math.round(100 * Math.exp(3.4 + (later ? 0.25 : 0) + 0.8 * gaussian(random))) / 100),
    age: column(() => Math.min(95, Math.max(18, Math.round(44 + 14 * gaussian(random))))),
    session_seconds: column(() => (random() < 0.1 ? 0 : -180 * Math.log(1 - random()))),
    latency_ms: column(() => 40 + (later ? 9 : 5) * gaussian(random)),
    items: column(() => 1 + Math.floor(-1.4 * Math.log(1 - random()))),
    discount: column(() => (random() < (later ? 0.06 : 0) ? null : Math.round(100 * random() ** 2) / 100)),
    placed_at: column(() => 1_795_334_400_000 + Math.floor(86_400_000 * random())),
    temperature: column(() => -3 + 6 * gaussian(random)),
    merchant: column(
      pick(
        later
          ? { grocery: 0.33, travel: 0.12, fuel: 0.14, fashion: 0.19, books: 0.14, crypto: 0.08 }
          : { grocery: 0.38, travel: 0.14, fuel: 0.15, fashion: 0.19, books: 0.14 },
      ),
    ),
    country: column(
      pick({
        DE: 0.3,
        FR: 0.2,
        PL: 0.14,
        NL: 0.1,
        AT: 0.08,
        CZ: 0.06,
        BE: 0.05,
        DK: 0.03,
        LU: 0.03,
        'Côte d’Ivoire': 0.01,
      }),
    ),
    is_new: column(() => random() < 0.31),
    store: column(() => `store-${String(Math.floor(40 * random() ** 1.5)).padStart(3, '0')}`),
    constant: column(() => 7),
    refund: column(() => (later ? null : gaussian(random))),
    score: column(() => random() ** (later ? 2.2 : 2.6)),
    prediction: column(pick({ ok: 0.9, fraud: 0.1 })),
  };
}

function draws<T>(random: () => number, rows: number, value: (random: () => number) => T): T[] {
  return Array.from({ length: rows }, () => value(random));
}

function judged(
  right: number,
  missed: number,
  false_: number,
  caught: number,
): Parameters<typeof performance>[0] {
  return {
    task: 'classification',
    positive: 'fraud',
    cells: [
      { prediction: 'ok', label: 'ok', count: right },
      { prediction: 'ok', label: 'fraud', count: missed },
      { prediction: 'fraud', label: 'ok', count: false_ },
      { prediction: 'fraud', label: 'fraud', count: caught },
    ],
  };
}

function rowsOf(columns: Columns): number {
  return Math.max(0, ...Object.values(columns).map(({ length }) => length));
}
