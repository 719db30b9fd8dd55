import { type Random, seededRandom } from '../../src/base/random.ts';
import type { ProxyMode } from '../support/tcp-proxy.ts';

/** Faults come, and traffic is written, in steps of this many milliseconds. */
export const TICK = 250;
/** How long traffic lasts, in ticks. */
export const TICKS = 48;
/** `kafka.session_timeout` where a seed decides: what stands still for longer has lost its partitions. */
const SESSION_TIMEOUT = 3_000;

/**
 * - `server`: one broker, three daemons, a store server.
 * - `cluster`: three brokers, and the same otherwise.
 * - `embedded`: three brokers, one daemon with the store inside.
 */
export type Setting = 'server' | 'cluster' | 'embedded';

export const CODECS = ['gzip', 'snappy', 'lz4', 'zstd', 'uncompressed'] as const;

/** Whom a fault strikes: whoever evaluates the rules then, or one of those who are well, by number. */
export type Victim = 'evaluating' | number;

export type Fault =
  /** SIGKILL; started again at the end. */
  | { readonly kind: 'kill'; readonly daemon: Victim }
  /** SIGTERM; started again at the end. */
  | { readonly kind: 'stop'; readonly daemon: Victim }
  /** SIGSTOP, and SIGCONT at the end: goes on as if it still owned what it owned. */
  | { readonly kind: 'zombie'; readonly daemon: Victim }
  /** SIGKILL of a broker; started again at the end. */
  | { readonly kind: 'broker'; readonly broker: number }
  | { readonly kind: 'store'; readonly mode: Exclude<ProxyMode, 'pass'> }
  /** Takes messages and closes the connection without an answer. */
  | { readonly kind: 'receiver' }
  /** Adds a partition. */
  | { readonly kind: 'partitions'; readonly topic: 'predictions' | 'labels' }
  /** From now on the broker packs batches in this way. */
  | { readonly kind: 'codec'; readonly codec: (typeof CODECS)[number] };

export interface PlannedFault {
  readonly fault: Fault;
  /** In ticks. */
  readonly from: number;
  readonly to: number;
}

export interface Schedule {
  readonly seed: number;
  readonly setting: Setting;
  readonly daemons: number;
  /** `kafka.session_timeout` in milliseconds; driftd's own when left out. */
  readonly sessionTimeout?: number;
  /** In order of their beginning. */
  readonly faults: readonly PlannedFault[];
}

const SETTINGS: readonly Setting[] = ['server', 'cluster', 'embedded', 'server', 'server', 'server'];

/** Those of a normal test run: between them these have every kind of fault, several brokers, and both kinds of store. */
export const SHORT_SEEDS = [26, 31];

/** What happens under a seed. */
export function scheduleOf(seed: number): Schedule {
  const random = seededRandom(seed * 7_919 + 13);
  const setting = SETTINGS[seed % SETTINGS.length] as Setting;
  const daemons = setting === 'embedded' ? 1 : 3;
  const faults: PlannedFault[] = [];
  const plan = (fault: Fault, [shortest, longest]: readonly [number, number]): void => {
    const length = between(random, shortest, longest);
    const from = between(random, 2, TICKS - 6);
    faults.push({ fault, from, to: from + length });
  };
  const victim = (): Victim => (random() < 0.5 ? 'evaluating' : between(random, 0, daemons - 1));

  plan({ kind: 'kill', daemon: victim() }, [2, 10]);
  plan({ kind: 'zombie', daemon: victim() }, ZOMBIE);
  if (random() < 0.5) plan({ kind: 'kill', daemon: victim() }, [0, 4]);
  if (random() < 0.3) plan({ kind: 'zombie', daemon: victim() }, ZOMBIE);
  if (random() < 0.3) plan({ kind: 'stop', daemon: victim() }, [1, 4]);
  for (const mode of shuffled(random, STORE_MODES).slice(0, 2)) plan({ kind: 'store', mode }, [4, 14]);
  if (random() < 0.6) plan({ kind: 'broker', broker: between(random, 0, 2) }, [2, 10]);
  if (random() < 0.5) plan({ kind: 'receiver' }, [4, 14]);
  plan({ kind: 'partitions', topic: 'predictions' }, [0, 0]);
  if (random() < 0.4) plan({ kind: 'partitions', topic: 'labels' }, [0, 0]);
  shuffled(random, CODECS).forEach((codec, i) => {
    const from = Math.floor((i * TICKS) / CODECS.length);
    faults.push({ fault: { kind: 'codec', codec }, from, to: from });
  });
  faults.sort((a, b) => a.from - b.from);
  return { seed, setting, daemons, sessionTimeout: SESSION_TIMEOUT, faults };
}

/**
 * Whoever evaluates is killed while messages wait that nobody takes, and does not come back for as long as another one may
 * need to go on; with the session that driftd has by itself.
 */
export const TAKE_OVER: Schedule = {
  seed: 0,
  setting: 'cluster',
  daemons: 2,
  faults: [
    { fault: { kind: 'receiver' }, from: 0, to: 26 },
    { fault: { kind: 'kill', daemon: 'evaluating' }, from: 24, to: 24 + 20_000 / TICK },
  ],
};

const STORE_MODES = ['refuse', 'hang', 'drop-answers', 'cut-answers'] as const;
const ZOMBIE = [SESSION_TIMEOUT / TICK + 3, SESSION_TIMEOUT / TICK + 10] as const;

/** The schedule as a person reads it, one fault a line. */
export function describeSchedule({ seed, setting, daemons, faults }: Schedule): string {
  const seconds = (ticks: number): string => `${((ticks * TICK) / 1000).toFixed(2)} s`;
  const lines = faults.map(({ fault, from, to }) => {
    const { kind, ...about } = fault;
    return `  ${seconds(from).padStart(8)} ${to > from ? `to ${seconds(to).padStart(8)}` : ''.padEnd(11)}  ${kind} ${Object.values(about).join(' ')}`;
  });
  return [`seed ${seed}: ${setting}, ${daemons} daemon${daemons === 1 ? '' : 's'}`, ...lines].join('\n');
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}

function shuffled<T>(random: Random, values: readonly T[]): T[] {
  const left = [...values];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(between(random, 0, left.length - 1), 1));
  return drawn;
}
