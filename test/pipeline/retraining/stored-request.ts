import type { RetrainRequest } from '../../../src/notify/notification.ts';
import type { RetrainState } from '../../../src/notify/retrain-states.ts';
import { projectRequests } from '../../../src/pipeline/retraining/retrain-outbox.ts';
import { recordOf, saveStep } from '../../../src/pipeline/retraining/retrain-record.ts';
import type { Store } from '../../../src/store/client.ts';
import { retrainOf } from '../../notify/examples.ts';

/** A request as an evaluation leaves it in the store. */
export async function storeRequest(
  store: Store,
  change: Partial<RetrainRequest> = {},
): Promise<RetrainRequest> {
  const request = retrainOf(change);
  await projectRequests(store, [request], () => [], request.at);
  return request;
}

/** Where a request stands, and what it went through. */
export async function statesOf(store: Store, id: string): Promise<{ state: string; steps: string[] }> {
  const record = await recordOf(store, id);
  if (record === undefined) throw new Error(`no request ${id}`);
  return { state: record.state, steps: record.steps.map(({ state }) => state) };
}

export async function bring(store: Store, id: string, ...states: RetrainState[]): Promise<void> {
  const { at } = (await recordOf(store, id))?.about ?? { at: 0 };
  for (const [i, state] of states.entries()) await saveStep(store, id, { state, at: at + 10 + i });
}
