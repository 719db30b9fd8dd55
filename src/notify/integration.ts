import type { z } from 'zod';
import type { Clock, Millis } from '../base/clock.ts';
import type { Alert } from '../rules/alert.ts';
import type { AlertNotification } from './notification.ts';
import type { Outbound } from './outbound.ts';
import type { Rate } from './rate-limit.ts';
import type { SendOutcome } from './send-outcome.ts';

/** Sends one message about alerts, once. Failures are outcomes; it does not throw. */
export type AlertSend = (notification: AlertNotification, signal: AbortSignal) => Promise<SendOutcome>;

/** What integrations reach the world by. */
export interface SendPorts extends Pick<Outbound, 'http' | 'dial' | 'timeout'> {
  readonly clock: Clock;
}

/** Tells at an interval what fires. Nothing of it is kept: the next time makes up for a failure. */
export interface Repeat {
  readonly every: Millis;
  readonly send: (alerts: readonly Alert[], signal: AbortSignal) => Promise<SendOutcome>;
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
  /** False for places that know alerts only: notes about retraining are not sent there. */
  readonly takesNotes?: false;
  /** For places that forget what they are not told again. */
  readonly repeat?: (options: z.output<Schema>, ports: SendPorts) => Repeat;
}

/** Lets TypeScript take the type of the options from their schema. */
export function integration<Schema extends z.ZodType<{ readonly send_resolved: boolean }>>(
  definition: Integration<Schema>,
): Integration<Schema> {
  return definition;
}
