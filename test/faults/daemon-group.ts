import { type Daemon, startDaemon } from '../support/daemon.ts';
import type { Victim } from './schedule.ts';

interface Member {
  daemon: Daemon | undefined;
  /** What happens to it at the moment, if anything. */
  state: 'well' | 'down' | 'still';
  /** All lines of all its lives. */
  readonly log: Array<readonly string[]>;
}

const EVALUATES = 'this instance evaluates the rules';

/** The daemons of a schedule: numbered, and started again under their number. */
export class DaemonGroup {
  readonly #members: Member[];
  readonly #start: (number: number) => Promise<Daemon>;
  readonly #endedBadly: number[] = [];
  #killedAt = 0;

  private constructor(size: number, start: (number: number) => Promise<Daemon>) {
    this.#members = Array.from({ length: size }, () => ({ daemon: undefined, state: 'down', log: [] }));
    this.#start = start;
  }

  /** Starts all, and waits until they are in the group. @param entry the program, where it is not driftd itself. */
  static async start(size: number, config: string, entry?: string): Promise<DaemonGroup> {
    const group = new DaemonGroup(size, () =>
      startDaemon(['run', '--config', config], entry === undefined ? {} : { entry }),
    );
    await Promise.all(group.#members.map((_, number) => group.revive(number)));
    for (const { daemon } of group.#members)
      await daemon?.waitForLog(({ msg }) => msg === 'joined the consumer group', 60_000);
    return group;
  }

  /** The one that a fault strikes, or undefined when nobody is well. */
  choose(victim: Victim): number | undefined {
    const well = this.#members.flatMap(({ state }, number) => (state === 'well' ? [number] : []));
    if (victim === 'evaluating') {
      const evaluating = this.#members
        .map(({ daemon }, number) => ({ number, time: Math.max(0, ...timesOf(daemon, EVALUATES)) }))
        .filter(({ number, time }) => time > 0 && well.includes(number))
        .sort((a, b) => b.time - a.time);
      if (evaluating[0] !== undefined) return evaluating[0].number;
    }
    return well[(victim === 'evaluating' ? 0 : victim) % Math.max(1, well.length)];
  }

  async kill(number: number): Promise<void> {
    const member = this.#member(number);
    member.state = 'down';
    this.#killedAt = Date.now();
    await member.daemon?.kill();
  }

  async stop(number: number): Promise<void> {
    const member = this.#member(number);
    member.state = 'down';
    // Before it listens, nobody is there to hear the signal.
    await member.daemon?.waitForLog(({ msg }) => msg === 'driftd listens', 60_000);
    const exit = await member.daemon?.stop();
    if (exit?.code !== 0) this.#endedBadly.push(number);
  }

  async revive(number: number): Promise<void> {
    const member = this.#member(number);
    const daemon = await this.#start(number);
    member.daemon = daemon;
    member.log.push(daemon.stderr);
    member.state = 'well';
  }

  freeze(number: number): void {
    const member = this.#member(number);
    member.state = 'still';
    member.daemon?.signal('SIGSTOP');
  }

  thaw(number: number): void {
    const member = this.#member(number);
    member.daemon?.signal('SIGCONT');
    member.state = 'well';
  }

  /** Stops all. @returns the numbers of those that were stopped, now or before, and did not end by themselves and in order. */
  async stopAll(): Promise<readonly number[]> {
    await Promise.all(this.#members.map((_, number) => this.stop(number)));
    return this.#endedBadly;
  }

  /** Milliseconds from the last SIGKILL until one of them said that it evaluates. */
  takeOver(): number {
    const times = this.#members.flatMap(({ daemon }) => timesOf(daemon, EVALUATES));
    return Math.min(...times.filter((time) => time > this.#killedAt)) - this.#killedAt;
  }

  /** The log of every daemon, all lives one after the other. */
  logs(): string[] {
    return this.#members.map(({ log }) => log.flatMap((lines) => ['--- started', ...lines]).join('\n'));
  }

  #member(number: number): Member {
    return this.#members[number] as Member;
  }
}

/** When a daemon said so. */
function timesOf(daemon: Daemon | undefined, message: string): number[] {
  return (daemon?.logs ?? []).flatMap(({ msg, ...line }) =>
    msg === message ? [Date.parse(String(line['time']))] : [],
  );
}
