import type { Logger } from 'pino';
import type { Alert } from '../rules/alert.ts';
import type { Repeat } from './integration.ts';
import type { SendOutcome } from './send-outcome.ts';

export interface ResendPorts {
  /** The alerts that fire and that an integration may be told of; none while another instance evaluates. */
  readonly firingFor: (integration: string) => readonly Alert[];
  readonly log: Pick<Logger, 'info' | 'warn'>;
  /** After each attempt. For metrics. */
  readonly onAttempt: (integration: string, outcome: SendOutcome) => void;
}

export interface Resending {
  /** Ends what is being sent. */
  stop(): Promise<void>;
}

/** Tells those that forget it, each at its own interval, what fires. What fails is made up for by the next time. */
export function startResending(repeats: ReadonlyMap<string, Repeat>, ports: ResendPorts): Resending {
  const stopping = new AbortController();
  const feeds = Array.from(repeats, ([key, repeat]) => startFeed(key, repeat, ports, stopping.signal));
  return {
    stop: async () => {
      stopping.abort();
      await Promise.all(feeds.map((stop) => stop()));
    },
  };
}

function startFeed(
  key: string,
  repeat: Repeat,
  ports: ResendPorts,
  signal: AbortSignal,
): () => Promise<void> {
  const { firingFor, log, onAttempt } = ports;
  let failing = false;
  let running: Promise<void> | undefined;

  async function tell(): Promise<void> {
    const alerts = firingFor(key);
    if (alerts.length === 0) return;
    const outcome = await repeat.send(alerts, signal);
    if (signal.aborted) return;
    onAttempt(key, outcome);
    // Until the configuration is read again, which begins a new feed.
    if (outcome.kind === 'gone') clearInterval(timer);
    const fails = outcome.kind !== 'sent';
    if (fails && !failing)
      log.warn({ receiver: key, reason: outcome.reason }, 'a receiver is not told what still fires');
    if (!fails && failing) log.info({ receiver: key }, 'the receiver is told again what fires');
    failing = fails;
  }

  const timer = setInterval(() => {
    running ??= tell().finally(() => {
      running = undefined;
    });
  }, repeat.every);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
