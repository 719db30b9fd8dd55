import type { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { Post } from './http-post.ts';
import type { AlertNotification } from './notification.ts';
import type { Rate } from './rate-limit.ts';
import type { SendOutcome } from './send-outcome.ts';

/** Sends one message about alerts, once. Failures are outcomes; it does not throw. */
export type AlertSend = (notification: AlertNotification, signal: AbortSignal) => Promise<SendOutcome>;

/** What integrations reach the world by. */
export interface SendPorts {
  readonly post: Post;
  readonly clock: Clock;
}

/** One kind of place that messages about alerts can go to. */
export interface Integration<Schema extends z.ZodType<{ readonly send_resolved: boolean }>> {
  /** In the keys of the outbox and in metrics: `slack` in `ml-team/slack/0`. */
  readonly type: string;
  /** What the reference says of the list of such options in a receiver. */
  readonly about: string;
  readonly options: Schema;
  /** How many messages such a place takes, unless the receiver says otherwise. */
  readonly rate: Rate;
  readonly connect: (options: z.output<Schema>, ports: SendPorts) => AlertSend;
}

/** Lets TypeScript take the type of the options from their schema. */
export function integration<Schema extends z.ZodType<{ readonly send_resolved: boolean }>>(
  definition: Integration<Schema>,
): Integration<Schema> {
  return definition;
}
