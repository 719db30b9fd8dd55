import type { RetrainRequest } from '../../notify/notification.ts';
import {
  RETRAIN_STATES,
  type RetrainState,
  type RetrainStep,
  stateAfter,
} from '../../notify/retrain-states.ts';
import type { Store } from '../../store/client.ts';
import {
  type RetrainSummary,
  retrainById,
  retrainRequests,
  retrainStates,
  type StoredRetrainState,
  saveRetrainStates,
} from '../../store/retrain-requests.ts';

/** A step with all that was said with it. */
export interface RecordedStep
  extends RetrainStep,
    Omit<StoredRetrainState, 'id' | 'state' | 'at' | 'reason'> {}

/** A request with all that is known of it, without what it says in full. */
export interface RetrainRecord {
  readonly about: RetrainSummary;
  /** In order of time. */
  readonly steps: readonly RecordedStep[];
  readonly state: RetrainState;
}

/** Adds what is known of these requests. */
export async function recordsOf(store: Store, requests: readonly RetrainSummary[]): Promise<RetrainRecord[]> {
  const all = await retrainStates(
    store,
    requests.map(({ id }) => id),
  );
  const byRequest = new Map<string, RecordedStep[]>(requests.map(({ id }) => [id, []]));
  for (const stored of all) byRequest.get(stored.id)?.push(stepOf(stored));
  return requests.map((about) => {
    const steps = inOrder(byRequest.get(about.id) ?? []);
    // Requests of older versions have no steps; they were sent and nothing more was known of them.
    return { about, steps, state: steps.length === 0 ? 'sent' : stateAfter(steps) };
  });
}

/** What these requests say in full. */
export async function requestsOf(store: Store, records: readonly RetrainRecord[]): Promise<RetrainRequest[]> {
  const found = await retrainRequests(
    store,
    records.map(({ about: { id } }) => id),
  );
  return [...found.values()].map((text) => JSON.parse(text) as RetrainRequest);
}

export async function recordOf(store: Store, id: string): Promise<RetrainRecord | undefined> {
  const stored = await retrainById(store, id);
  if (stored === undefined) return undefined;
  const [record] = await recordsOf(store, [stored]);
  return record;
}

/** What was written in one millisecond stands as it can only have been. */
function inOrder(steps: readonly RecordedStep[]): RecordedStep[] {
  const rank = ({ state }: RecordedStep): number => RETRAIN_STATES.indexOf(state);
  return [...steps].sort((a, b) => a.at - b.at || rank(a) - rank(b));
}

function stepOf({ id: _, state, ...rest }: StoredRetrainState): RecordedStep {
  return { ...rest, state: state as RetrainState };
}

/** Writes a step that a request came into. What is not said is empty. */
export async function saveStep(
  store: Store,
  id: string,
  step: Pick<RecordedStep, 'state' | 'at'> & Partial<RecordedStep & { readonly outcome: string }>,
): Promise<void> {
  const nothing = { reason: '', author: '', run: '', newVersion: '', baseline: '', outcome: '' };
  await saveRetrainStates(store, [{ id, ...nothing, ...step }]);
}
