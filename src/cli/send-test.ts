import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createDelivery } from '../notify/delivery.ts';
import { addressTest } from '../notify/network-rules.ts';
import type { Notification } from '../notify/notification.ts';
import { openOutbound } from '../notify/outbound.ts';
import { type OutboxRow, pendingRow } from '../notify/outbox-row.ts';
import type { Rate } from '../notify/rate-limit.ts';
import { integrationsOf, type ReceiverIntegration } from '../notify/receiver-integrations.ts';
import type { ReceiverOptions } from '../notify/receiver-options.ts';
import type { SendOutcome } from '../notify/send-outcome.ts';
import { createSends } from '../notify/sends.ts';
import { testNotification, testRequest } from '../notify/test-notification.ts';
import type { CommandContext } from './context.ts';

export function addSendTest(program: Command, { output, environment }: CommandContext): void {
  program
    .command('send-test')
    .description(
      'send a test message to a receiver or a retraining target, as messages about drift are sent, and print what it answers',
    )
    .argument('<receiver>', 'name of the receiver or of the retraining target')
    .requiredOption('--config <file>', 'configuration file')
    .option('--integration <type/index>', 'only by this way out of the receiver, such as slack/0')
    .action(async (name: string, flags: { config: string; integration?: string }) => {
      const config = await loadConfig(flags.config, environment);
      const tests = testsFor(config, name, flags.integration);
      const failed = await send(tests, config, (row, outcome) => output.print(line(row, outcome)));
      if (failed > 0) {
        throw new DriftdError(
          'environment',
          `${failed} test message${failed === 1 ? ' was' : 's were'} not taken`,
        );
      }
    });
}

/** A message with a key to send it by, and how many of them its receiver takes. */
interface Test {
  readonly message: Notification;
  readonly key: string;
  readonly rate?: Rate;
}

function testsFor(config: Config, name: string, way: string | undefined): Test[] {
  const receiver = config.receivers.find((one) => one.name === name);
  const target = config.retraining.find((one) => one.name === name);
  const about = { now: systemClock.now(), link: config.grafana?.url ?? config.http.external_url ?? '' };
  const id = (): string => randomUUID().replaceAll('-', '');
  if (receiver !== undefined) {
    return integrationsFor(receiver, way).flatMap(({ key, rate, sendResolved }) => {
      // What a test begins, it ends: nobody should have to close an incident by hand.
      const statuses = sendResolved ? (['firing', 'resolved'] as const) : (['firing'] as const);
      return statuses.map((status) => ({
        message: testNotification(key, status, { ...about, id: id() }),
        key,
        rate,
      }));
    });
  }
  if (target === undefined) {
    const known = [...config.receivers, ...config.retraining].map((one) => one.name);
    throw new DriftdError(
      'input',
      `there is no receiver and no retraining target "${name}"${didYouMean(name, known)}`,
    );
  }
  if (way !== undefined)
    throw new DriftdError('input', `the retraining target "${name}" has no integrations to choose from`);
  return [{ message: testRequest(name, { ...about, id: id() }), key: name }];
}

function integrationsFor(receiver: ReceiverOptions, way: string | undefined): ReceiverIntegration[] {
  const { name } = receiver;
  const all = integrationsOf(receiver);
  if (all.length === 0)
    throw new DriftdError('input', `the receiver "${name}" leads nowhere: it has no integration`);
  const chosen = all.filter(({ key }) => way === undefined || key === `${name}/${way}`);
  if (chosen.length > 0) return chosen;
  const ways = all.map(({ key }) => key.slice(name.length + 1));
  throw new DriftdError('input', `the receiver "${name}" has no "${way}"; it has ${ways.join(', ')}`);
}

/**
 * Sends by the very delivery of the daemon, with an outbox in memory: what is a test is nobody's history, and a daemon that
 * runs beside it would send what it finds in the store. A failure is not tried again.
 */
async function send(
  tests: readonly Test[],
  config: Config,
  tell: (row: OutboxRow, outcome: SendOutcome) => void,
): Promise<number> {
  const clock = systemClock;
  const { networks, timeout } = config.delivery;
  const outbound = openOutbound({ mayCall: addressTest(networks), timeout, clock });
  let failed = 0;
  const silent = () => undefined;
  const delivery = createDelivery({
    loadPending: async () => [],
    save: async () => undefined,
    sends: createSends(config, { ...outbound, clock }),
    rates: new Map(tests.flatMap(({ key, rate }) => (rate === undefined ? [] : [[key, rate] as const]))),
    log: { info: silent, warn: silent, error: silent },
    random: Math.random,
    giveUpAfter: 0,
    onAttempt: (row, outcome) => {
      if (outcome.kind !== 'sent') failed += 1;
      tell(row, outcome);
    },
  });
  delivery.enqueue(tests.map(({ message }) => pendingRow(message, clock.now())));
  await delivery.drained();
  await outbound.close();
  return failed;
}

function line({ receiver, payload }: OutboxRow, outcome: SendOutcome): string {
  const told = payload.kind === 'alerts' ? payload.status : payload.kind;
  const what = outcome.kind === 'sent' ? `sent, ${outcome.answer ?? 'taken'}` : `not sent: ${outcome.reason}`;
  return `${receiver}  ${told.padEnd(8)}  ${what}`;
}
