import type { z } from 'zod';
import type { AlertSend, Integration, Repeat, SendPorts } from './integration.ts';
import { integrationKey } from './integration-key.ts';
import { INTEGRATIONS } from './integrations.ts';
import type { Rate } from './rate-limit.ts';
import type { ReceiverOptions } from './receiver-options.ts';

/** One configured way out of a receiver. Each gets its own copy of every notification, and its own retries. */
export interface ReceiverIntegration {
  /** `receiver/type/index`, such as `ml-team/slack/0`. The receiver of its notifications and outbox rows. */
  readonly key: string;
  readonly sendResolved: boolean;
  readonly rate: Rate;
  /** Whether notes about retraining are sent there. */
  readonly takesNotes: boolean;
  readonly connect: (ports: SendPorts) => AlertSend;
  readonly repeat?: (ports: SendPorts) => Repeat;
}

type AnyOptions = z.ZodType<{ readonly send_resolved: boolean }>;

/** The integrations of a receiver, in the order of the table. A receiver without any swallows its alerts, as in Alertmanager. */
export function integrationsOf(receiver: ReceiverOptions): ReceiverIntegration[] {
  return Object.entries(INTEGRATIONS).flatMap(([name, integration]) => {
    // Each integration made the schema of its own options, so the two belong together.
    const {
      type,
      rate,
      takesNotes = true,
      connect,
      repeat,
    } = integration as unknown as Integration<AnyOptions>;
    const list: ReadonlyArray<{ readonly send_resolved: boolean }> =
      receiver[name as keyof typeof INTEGRATIONS];
    return list.map((options, index) => ({
      key: integrationKey(receiver.name, type, index),
      sendResolved: options.send_resolved,
      rate: receiver.rate_limit ?? rate,
      takesNotes,
      connect: (ports) => connect(options, ports),
      ...(repeat !== undefined && { repeat: (ports: SendPorts) => repeat(options, ports) }),
    }));
  });
}
