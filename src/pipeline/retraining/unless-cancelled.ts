import { isRetryable } from '../../base/errors.ts';
import type { Send } from '../../notify/send-outcome.ts';
import type { Store } from '../../store/client.ts';
import { isRetrainCancelled } from '../../store/retrain-requests.ts';

/** Sends a request unless somebody has called it off while it waited. */
export function unlessCancelled(send: Send, store: Store): Send {
  return async (notification, signal) => {
    try {
      if (await isRetrainCancelled(store, notification.id))
        return { kind: 'refused', reason: 'the request was cancelled' };
    } catch (error) {
      if (!isRetryable(error)) throw error;
      return { kind: 'retry', reason: 'the store cannot be asked whether the request was cancelled' };
    }
    return send(notification, signal);
  };
}
