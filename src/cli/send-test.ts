import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { systemClock } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { loadConfig } from '../config/load.ts';
import type { Config } from '../config/schema.ts';
import { createDelivery } from '../notify/delivery.ts';
import { addressTest } from '../notify/network-rules.ts';
import { openOutbound } from '../notify/outbound.ts';
import { type OutboxRow, pendingRow } from '../notify/outbox-row.ts';
import { integrationsOf, type ReceiverIntegration } from '../notify/receiver-integrations.ts';
import type { SendOutcome } from '../notify/send-outcome.ts';
import { createSends } from '../notify/sends.ts';
import { testNotification } from '../notify/test-notification.ts';
import type { CommandContext } from './context.ts';

export function addSendTest(program: Command, { output, environment }: CommandContext): void {
  program
    .command('send-test')
    .description(
      'send a test message to a receiver, as messages about drift are sent, and print what it answers',
    )
    .argument('<receiver>', 'name of the receiver')
    .requiredOption('--config <file>', 'configuration file')
    .option('--integration <type/index>', 'only by this way out of the receiver, such as slack/0')
    .action(async (name: string, flags: { config: string; integration?: string }) => {
      const config = await loadConfig(flags.config, environment);
      const integrations = integrationsFor(config, name, flags.integration);
      const failed = await sendTo(integrations, config, (row, outcome) => output.print(line(row, outcome)));
      if (failed > 0) {
        throw new DriftdError(
          'environment',
          `${failed} test message${failed === 1 ? ' was' : 's were'} not taken`,
        );
      }
    });
}

function integrationsFor(config: Config, name: string, way: string | undefined): ReceiverIntegration[] {
  const receiver = config.receivers.find((one) => one.name === name);
  if (receiver === undefined) {
    const known = config.receivers.map((one) => one.name);
    throw new DriftdError('input', `there is no receiver "${name}"${didYouMean(name, known)}`);
  }
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
async function sendTo(
  integrations: readonly ReceiverIntegration[],
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
    rates: new Map(integrations.map(({ key, rate }) => [key, rate])),
    log: { info: silent, warn: silent, error: silent },
    random: Math.random,
    giveUpAfter: 0,
    onAttempt: (row, outcome) => {
      if (outcome.kind !== 'sent') failed += 1;
      tell(row, outcome);
    },
  });
  const now = clock.now();
  const link = config.grafana?.url ?? config.http.external_url ?? '';
  for (const { key, sendResolved } of integrations) {
    // What a test begins, it ends: nobody should have to close an incident by hand.
    for (const status of sendResolved ? (['firing', 'resolved'] as const) : (['firing'] as const)) {
      const id = randomUUID().replaceAll('-', '');
      delivery.enqueue([pendingRow(testNotification(key, status, { id, now, link }), now)]);
    }
  }
  await delivery.drained();
  await outbound.close();
  return failed;
}

function line({ receiver, payload }: OutboxRow, outcome: SendOutcome): string {
  const told = payload.kind === 'alerts' ? payload.status : payload.kind;
  const what = outcome.kind === 'sent' ? `sent, ${outcome.answer ?? 'taken'}` : `not sent: ${outcome.reason}`;
  return `${receiver}  ${told.padEnd(8)}  ${what}`;
}
