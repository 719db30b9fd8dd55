import type { Notification } from '../../notify/notification.ts';
import type { Store } from '../../store/client.ts';
import { isRetrainCancelled } from '../../store/retrain-requests.ts';

/** Whether nobody has called off a request while it waited. Throws while the store cannot say. */
export async function isStillWanted({ kind, id }: Notification, store: Store): Promise<boolean> {
  return kind !== 'retrain' || !(await isRetrainCancelled(store, id));
}
