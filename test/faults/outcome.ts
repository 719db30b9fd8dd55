import { paneStart } from '../../src/profile/pane.ts';
import type { Store } from '../../src/store/client.ts';
import { partitionProgress } from '../../src/store/progress.ts';
import { decode } from '../pipeline/ingest-parts.ts';
import { countedEvents, type StoredCounts, storedCounts } from '../pipeline/stored-counts.ts';
import type { RecordedRequest } from '../support/http-sink.ts';
import type { CommittedRecord } from './committed-records.ts';
import { BASELINES, PANE } from './traffic.ts';

/** What a run leaves in the store that must not depend on what happened to it. */
export interface Outcome {
  readonly counts: StoredCounts;
  readonly progress: readonly object[];
  readonly transitions: readonly object[];
  readonly retrains: readonly object[];
  readonly unsent: readonly object[];
}

/** The model that learns its baseline, which is another one each time. */
const LEARNING = 'new';

export async function outcomeOf(store: Store): Promise<Outcome> {
  const counts = await storedCounts(store);
  const progress = await partitionProgress(store);
  return {
    counts: {
      ...counts,
      profiles: counts.profiles.filter((row) => (row as { model: string }).model !== LEARNING),
    },
    progress: progress.map(({ topic, partition, endOffset, maxEventTime }) => ({
      topic,
      partition,
      endOffset,
      maxEventTime,
    })),
    transitions: await store.query(
      `SELECT id, fingerprint, alertname, feature, from_state, to_state, reason, at
       FROM {database}.alert_transitions FINAL ORDER BY at, id`,
    ),
    retrains: await store.query(
      `SELECT id, target, model, at FROM {database}.retrain_requests FINAL ORDER BY id`,
    ),
    unsent: await store.query(
      `SELECT id, status, attempts FROM {database}.notifications FINAL WHERE status != 'sent'`,
    ),
  };
}

/** How many predictions the profiles must hold, by model, version and pane: plain counting, record by record. */
export async function plainCounts(
  store: Store,
  records: readonly CommittedRecord[],
): Promise<{ expected: Map<string, number>; counted: Map<string, number> }> {
  const [learned] = await store.query<{ from: number }>(
    `SELECT toUnixTimestamp64Milli(applies_from) AS from FROM {database}.baseline_activations FINAL
     WHERE model = '${LEARNING}' ORDER BY applies_from LIMIT 1`,
  );
  const appliesFrom = ({ model, version }: { model: string; version: string }): number => {
    if (model === LEARNING) return learned?.from ?? Number.POSITIVE_INFINITY;
    const active = BASELINES.find(
      ({ baseline }) => baseline.model === model && (baseline.version ?? version) === version,
    );
    return active?.appliesFrom ?? Number.POSITIVE_INFINITY;
  };
  const expected = new Map<string, number>();
  for (const { value, timestamp } of records) {
    // One after the other: a decoder may give the same object each time.
    const outcome = decode(value, timestamp);
    if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') continue;
    const event = outcome.value;
    if (event.timestamp < appliesFrom(event)) continue;
    const pane = event.model === LEARNING ? 5 * 60_000 : PANE;
    const key = `${event.model} ${event.version} ${paneStart(event.timestamp, pane)}`;
    expected.set(key, (expected.get(key) ?? 0) + 1);
  }
  return { expected: sorted(expected), counted: sorted(await countedEvents(store)) };
}

function sorted(counts: ReadonlyMap<string, number>): Map<string, number> {
  return new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The messages that came, by their id: the different texts of each, of which there must be one. */
export function messagesById(requests: readonly RecordedRequest[]): Map<string, Set<string>> {
  const messages = new Map<string, Set<string>>();
  for (const { path, headers, body } of requests) {
    const id = `${path.split('/').at(-1)} ${headers['webhook-id']}`;
    messages.set(id, (messages.get(id) ?? new Set()).add(body.toString('utf8')));
  }
  return messages;
}
