import type { Logger } from 'pino';
import type { Clock, Millis } from '../base/clock.ts';
import { messageOf } from '../base/errors.ts';
import { Mutex } from '../base/mutex.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { changedInVain } from './reloadable.ts';
import type { Config } from './schema.ts';
import { type Settings, type Sources, settingsFrom } from './sources.ts';

export interface ReloaderPorts {
  /** Reads all files anew. Rejects with what is wrong with them. */
  readonly read: () => Promise<Sources>;
  /** Puts settings into force: at once, and it cannot fail. */
  readonly apply: (settings: Settings) => void;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  readonly telemetry: Pick<Telemetry, 'reloadSuccessful' | 'reloadedAt'>;
}

export type ReloadResult = { readonly ok: true } | { readonly ok: false; readonly reason: string };

/**
 * Puts changed files into force while driftd runs. Everything is checked first; where anything is wrong, all of the old
 * stays.
 */
export class Reloader {
  readonly #ports: ReloaderPorts;
  readonly #mutex = new Mutex();
  /** What the process was started with: keys that need a restart are as they were then. */
  readonly #started: Config;
  /** What the files said when they were last put into force, or last refused. */
  #settled: string;
  /** What they said at the last look, where that is something else. */
  #glimpsed: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** @param sources those that are in force. */
  constructor(sources: Sources, ports: ReloaderPorts) {
    this.#ports = ports;
    this.#started = sources.config;
    this.#settled = sources.digest;
    this.#succeeded();
  }

  /** Looks at the files from time to time. */
  watch(interval: Millis): void {
    if (interval > 0) this.#timer = setInterval(() => void this.look(), interval);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /**
   * Reloads when the files have changed, and were the same at two looks in a row: one that is being written may be half
   * there, and still make sense. What is wrong is told once.
   */
  look(): Promise<void> {
    return this.#mutex.run(async () => {
      const found = await this.#read();
      const digest = digestOf(found);
      if (digest === this.#settled) this.#glimpsed = undefined;
      else if (digest === this.#glimpsed) this.#settle(found);
      else this.#glimpsed = digest;
    });
  }

  /** Reloads now, because somebody asks for it. */
  reload(): Promise<ReloadResult> {
    return this.#mutex.run(async () => this.#settle(await this.#read()));
  }

  async #read(): Promise<Found> {
    try {
      return { sources: await this.#ports.read() };
    } catch (error) {
      return { sources: undefined, reason: messageOf(error) };
    }
  }

  #settle(found: Found): ReloadResult {
    this.#glimpsed = undefined;
    this.#settled = digestOf(found);
    if (found.sources === undefined) return this.#failed(found.reason);
    let settings: Settings;
    try {
      settings = settingsFrom(found.sources);
    } catch (error) {
      return this.#failed(messageOf(error));
    }
    this.#ports.apply(settings);
    this.#succeeded();
    const { groups } = settings;
    const rules = groups.reduce((sum, group) => sum + group.rules.length, 0);
    this.#ports.logger.info({ groups: groups.length, rules }, 'configuration reloaded');
    const keys = changedInVain(this.#started, settings.config);
    if (keys.length > 0) {
      this.#ports.logger.warn(
        { keys },
        `changed, and in force only after a restart of driftd: ${keys.join(', ')}`,
      );
    }
    return { ok: true };
  }

  #failed(reason: string): ReloadResult {
    this.#ports.telemetry.reloadSuccessful.set(0);
    this.#ports.logger.error({ reason }, 'configuration not reloaded; the one before stays in force');
    return { ok: false, reason };
  }

  #succeeded(): void {
    this.#ports.telemetry.reloadSuccessful.set(1);
    this.#ports.telemetry.reloadedAt.set(this.#ports.clock.now() / 1000);
  }
}

type Found = { readonly sources: Sources } | { readonly sources: undefined; readonly reason: string };

/** Files that cannot be read are as they are for as long as the same is wrong with them. */
function digestOf(found: Found): string {
  return found.sources === undefined ? found.reason : found.sources.digest;
}
