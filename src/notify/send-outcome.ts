import type { Millis } from '../base/clock.ts';
import type { Notification } from './notification.ts';

/**
 * What became of one attempt. Reasons are for logs and rows: they hold a status or an error code, never the address.
 *
 * - `sent`: the receiver has it; `answer` is what it said, for people who want to know.
 * - `retry`: not now; `after` is how long the receiver asked us to wait.
 * - `gone`: the receiver says that it is not there any more.
 * - `refused`: the receiver will never take this message.
 */
export type SendOutcome =
  | { readonly kind: 'sent'; readonly answer?: string }
  | { readonly kind: 'retry'; readonly reason: string; readonly after?: Millis }
  | { readonly kind: 'gone'; readonly reason: string }
  | { readonly kind: 'refused'; readonly reason: string };

/** Sends one notification to one place, once. Failures are outcomes; it does not throw. */
export type Send = (notification: Notification, signal: AbortSignal) => Promise<SendOutcome>;
