import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sealBaseline, writeBaseline } from '../../src/profile/baseline.ts';
import { openStore, type Store } from '../../src/store/client.ts';
import { migrate } from '../../src/store/migrate.ts';

export const REFERENCE = sealBaseline({
  model: 'fraud',
  version: '7',
  pane: 300_000,
  rows: 5_000,
  from: 0,
  to: 1,
  features: new Map(),
  derivations: [],
  performance: new Map([
    ['accuracy', { value: 0.97, n: 5_000 }],
    ['f1', { value: 0.81, n: 5_000 }],
  ]),
});

/** An embedded store with a little of everything, on 22 November 2026, for queries that name no database. */
export async function storeWithHistory(): Promise<{ store: Store; remove: () => Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'driftd-dashboards-'));
  const store = await openStore({ path, database: 'driftd' });
  await migrate(store);
  for (const [table, rows] of Object.entries(HISTORY)) await store.insert(table, rows);
  return {
    store,
    remove: async () => {
      await store.close();
      await rm(path, { recursive: true, force: true });
    },
  };
}

const at = (time: string): string => `2026-11-22 ${time}:00.000`;

function part(
  model: string,
  pane: string,
  endOffset: number,
  counts: readonly [n: number, missing: number, invalid: number],
): object {
  const [n, missing, invalid] = counts;
  const place = { topic: 'predictions', partition: 0, chunk_start: 0, end_offset: endOffset };
  const about = {
    model,
    version: model === 'fraud' ? '7' : '1',
    segment: '',
    pane: at(pane),
    feature: '__prediction__',
  };
  return { ...about, ...place, baseline_id: 'any', n, missing, invalid, cells: [n] };
}

function metric(feature: string, name: string, end: string, value: number | null, more: object = {}): object {
  return {
    model: 'fraud',
    version: '7',
    segment: '',
    feature,
    metric: name,
    against: 'baseline',
    window_start: at(end.replace(/^\d\d/, (hour) => String(Number(hour) - 1).padStart(2, '0'))),
    window_end: at(end),
    baseline_id: REFERENCE.id,
    value,
    n: 400,
    baseline_n: 5_000,
    method: 'test',
    status: value === null ? 'no_data' : 'ok',
    reason: '',
    ...more,
  };
}

function transition(
  alertname: string,
  fingerprint: string,
  time: string,
  from: string,
  to: string,
  more: object = {},
): object {
  return {
    id: `${fingerprint}-${time}`,
    fingerprint,
    rule_group: 'default',
    alertname,
    model: 'fraud',
    version: '7',
    feature: 'amount',
    severity: 'warning',
    from_state: from,
    to_state: to,
    reason: 'test',
    summary: `${alertname} is ${to}`,
    alert: '{}',
    window_start: at(time),
    window_end: at(time),
    at: at(time),
    ...more,
  };
}

const TWELVE_FEATURES = Array.from({ length: 12 }, (_, i) => `f${String(i + 1).padStart(2, '0')}`);

const HISTORY: Readonly<Record<string, readonly object[]>> = {
  profile_parts: [
    // The same chunk flushed twice: only the newer row counts.
    part('fraud', '13:00', 100, [90, 6, 4]),
    part('fraud', '13:00', 250, [230, 12, 8]),
    part('fraud', '13:05', 400, [50, 0, 0]),
    part('churn', '13:00', 40, [40, 0, 0]),
    // Before the chosen time.
    part('fraud', '09:00', 10, [10, 0, 0]),
  ],
  learning_samples: [
    {
      model: 'novice',
      version: '1',
      topic: 'predictions',
      partition: 0,
      offset: 1,
      timestamp: at('13:30'),
      event: '{}',
    },
  ],
  baselines: [
    {
      id: REFERENCE.id,
      model: 'fraud',
      version: '7',
      origin: 'test',
      rows: 5_000,
      document: writeBaseline(REFERENCE),
    },
  ],
  baseline_activations: [
    {
      model: 'fraud',
      version: '7',
      applies_from: '2026-11-01 00:00:00.000',
      baseline_id: 'older',
      reason: 'learned',
    },
    { model: 'fraud', version: '7', applies_from: at('12:30'), baseline_id: REFERENCE.id, reason: 'chosen' },
    {
      model: 'churn',
      version: '',
      applies_from: '2026-11-01 00:00:00.000',
      baseline_id: 'for-all-versions',
      reason: 'learned',
    },
  ],
  metrics: [
    ...TWELVE_FEATURES.map((feature, i) => metric(feature, 'psi_adjusted', '14:00', (i + 1) / 100)),
    metric('f01', 'psi_adjusted', '15:00', 0.4),
    metric('f02', 'psi_adjusted', '15:00', null),
    metric('f01', 'q_value', '15:00', 1e-12),
    metric('f01', 'ks', '15:00', 0.3),
    metric('f01', 'missing_share', '14:00', 0.01),
    metric('f01', 'missing_share', '15:00', 0.25),
    metric('f01', 'psi_adjusted', '15:00', 9, { against: 'previous' }),
    metric('', 'accuracy', '14:00', 0.96),
    metric('', 'accuracy', '15:00', 0.71),
    metric('', 'f1', '15:00', 0.4),
    metric('', 'estimated_accuracy', '14:00', 0.95, { lower: 0.93, upper: 0.97 }),
    metric('', 'estimated_accuracy', '15:00', 0.94),
    // The same day as one long window: at the same end, the shorter window speaks.
    metric('', 'accuracy', '15:00', 0.9, { window_start: at('00:00') }),
  ],
  error_panes: [
    { model: 'fraud', version: '7', pane: at('13:00'), observations: 200, errors: 10 },
    { model: 'fraud', version: '7', pane: at('13:05'), observations: 100, errors: 40 },
  ],
  error_changes: [
    {
      model: 'fraud',
      version: '7',
      detector: 'adwin',
      signal: 'increase',
      at: at('13:05'),
      observation: 223,
    },
    { model: 'fraud', version: '7', detector: 'ddm', signal: 'increase', at: at('13:07'), observation: 260 },
  ],
  alert_transitions: [
    transition('FeatureDrift', 'a', '10:00', 'inactive', 'pending'),
    transition('FeatureDrift', 'a', '11:00', 'pending', 'firing'),
    transition('AccuracyDrop', 'b', '14:00', 'inactive', 'pending', { feature: '', severity: 'critical' }),
    transition('AccuracyDrop', 'b', '15:00', 'pending', 'firing', { feature: '', severity: 'critical' }),
    transition('AccuracyDrop', 'b', '16:00', 'firing', 'resolved', { feature: '', severity: 'critical' }),
    // Over long before the chosen time.
    transition('NewCategory', 'c', '08:00', 'inactive', 'firing'),
    transition('NewCategory', 'c', '09:00', 'firing', 'resolved'),
  ],
  notifications: [
    {
      id: 'n1',
      kind: 'alerts',
      receiver: 'slack',
      at: at('15:00'),
      status: 'pending',
      attempts: 1,
      next_attempt_at: at('15:01'),
      last_error: '',
      payload: '{}',
      updated_at: at('15:00'),
    },
    {
      id: 'n1',
      kind: 'alerts',
      receiver: 'slack',
      at: at('15:00'),
      status: 'sent',
      attempts: 2,
      next_attempt_at: at('15:01'),
      last_error: '',
      payload: '{}',
      updated_at: at('15:01'),
    },
  ],
  retrain_requests: [
    {
      id: 'r1',
      target: 'fraud-pipeline',
      model: 'fraud',
      version: '7',
      at: at('15:00'),
      status: 'requested',
      reason: '',
      baseline_id: REFERENCE.id,
      request: '{}',
      updated_at: at('15:00'),
    },
  ],
  retrain_states: [
    {
      id: 'r1',
      state: 'sent',
      at: at('15:01'),
      reason: '',
      author: '',
      run: '',
      new_version: '',
      baseline: '',
      outcome: '',
    },
  ],
  rejects: [
    {
      topic: 'predictions',
      partition: 0,
      offset: 7,
      reason: 'not_json',
      detail: '',
      payload: 'x',
      size: 1,
      timestamp: at('13:00'),
      rejected_at: at('13:00'),
    },
  ],
};
