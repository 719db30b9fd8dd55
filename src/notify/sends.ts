import type { z } from 'zod';
import type { AlertSend, Repeat, SendPorts } from './integration.ts';
import { integrationsOf } from './receiver-integrations.ts';
import type { NotifyOptions } from './receiver-options.ts';
import { kindOf, type RetrainingTargetOptions } from './retraining-options.ts';
import type { RetrainingTarget, RetrainSend } from './retraining-target.ts';
import { RETRAINING_TARGETS } from './retraining-targets.ts';
import type { Send, SendOutcome } from './send-outcome.ts';

const WRONG_KIND: SendOutcome = {
  kind: 'refused',
  reason: 'the receiver does not take this kind of message',
};

/**
 * Every place that notifications can go, by the key that outbox rows name it with: `receiver/type/index` for
 * integrations, the target's name for retraining. (Names hold no slash, so the two cannot meet.)
 */
export function createSends(options: NotifyOptions, ports: SendPorts): ReadonlyMap<string, Send> {
  return new Map([
    ...options.receivers
      .flatMap(integrationsOf)
      .map(({ key, connect }) => [key, alertsOnly(connect(ports))] as const),
    ...options.retraining.map((target) => [target.name, retrainsOnly(connectTarget(target, ports))] as const),
  ]);
}

/** The integrations that want to be told again what fires, by the same key. */
export function createRepeats(options: NotifyOptions, ports: SendPorts): ReadonlyMap<string, Repeat> {
  return new Map(
    options.receivers
      .flatMap(integrationsOf)
      .flatMap(({ key, repeat }) => (repeat === undefined ? [] : [[key, repeat(ports)] as const])),
  );
}

function alertsOnly(send: AlertSend): Send {
  return async (notification, signal) =>
    notification.kind === 'alerts' ? send(notification, signal) : WRONG_KIND;
}

function connectTarget(target: RetrainingTargetOptions, ports: SendPorts): RetrainSend {
  const kind = kindOf(target);
  // Each kind made the schema of its own options, so the two belong together.
  const { connect } = RETRAINING_TARGETS[kind] as unknown as RetrainingTarget<z.ZodType>;
  return connect(target[kind], ports);
}

function retrainsOnly(send: RetrainSend): Send {
  return async (notification, signal) =>
    notification.kind === 'retrain' ? send(notification, signal) : WRONG_KIND;
}
