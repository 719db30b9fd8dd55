import type { Millis } from '../base/clock.ts';
import type { AlertMarks } from '../notify/alert-marks.ts';
import {
  type AlertEvent,
  conversationKey,
  type DispatchDecision,
  type DispatchEntry,
  type DispatchInput,
  type DispatchOutcome,
  dispatch,
} from '../notify/dispatch.ts';
import { type DispatchConfig, dispatchConfig } from '../notify/dispatch-config.ts';
import type { AlertNotification } from '../notify/notification.ts';
import type { NotifyOptions } from '../notify/receiver-options.ts';
import { routesFor } from '../notify/route-tree.ts';
import { type Acknowledgement, type Silence, silences } from '../notify/silence.ts';
import type { Alert } from '../rules/alert.ts';

type Conversation = Pick<DispatchEntry, 'groupKey' | 'receiver' | 'seq' | 'state'>;

/** What rules have found so far. */
export interface Findings {
  /** Every alert that fires. */
  readonly firing: readonly Alert[];
  /** The newest evaluated instant. */
  readonly horizon: Millis;
}

export interface DispatcherPorts {
  readonly newestConversations: () => Promise<readonly Conversation[]>;
  /** Commits steps, all or none. */
  readonly saveEntries: (entries: readonly DispatchEntry[]) => Promise<void>;
  /** Messages that were committed and are not in the outbox. */
  readonly strandedNotifications: () => Promise<readonly AlertNotification[]>;
  /** Fills the outbox. May be asked twice for the same. */
  readonly project: (notifications: readonly AlertNotification[]) => Promise<void>;
  /** Starts the delivery of what the store holds as not sent. */
  readonly deliver: () => Promise<void>;
  /** The newest change of each of these alerts, and when it was. */
  readonly newestTransitions: (fingerprints: readonly string[]) => Promise<readonly AlertEvent[]>;
  readonly suppressions: () => {
    readonly silences: readonly Silence[];
    readonly acknowledgements: readonly Acknowledgement[];
  };
  readonly link: DispatchInput['link'];
  readonly waits: DispatchInput['waits'];
  readonly onStep: (outcome: DispatchOutcome) => void;
}

/**
 * Brings alerts to receivers: decides step by step who is told what, as `dispatch` says, and keeps what was decided.
 *
 * A step is committed by rows that hold all that follows from it, the messages included, written in one block; the outbox
 * is filled from those rows afterwards. So a crash at any point either repeats the step or finishes it, with the same ids.
 */
export class Dispatcher {
  readonly #ports: DispatcherPorts;
  #config: DispatchConfig;
  #conversations: Map<string, Conversation> | undefined;
  /** Told alerts that are over, by fingerprint: as they were when they resolved. */
  #over = new Map<string, AlertEvent>();
  #newest: DispatchOutcome | undefined;

  constructor(options: NotifyOptions, ports: DispatcherPorts) {
    this.#config = dispatchConfig(options);
    this.#ports = ports;
  }

  /** Replaces routes, receivers, inhibition and time intervals. The next step goes by them. */
  configure(options: NotifyOptions): void {
    this.#config = dispatchConfig(options);
  }

  /** Takes over from whoever dispatched before: reads where each conversation stands, and finishes what was left. */
  async takeOver(): Promise<void> {
    const stored = await this.#ports.newestConversations();
    const stranded = await this.#ports.strandedNotifications();
    if (stranded.length > 0) await this.#ports.project(stranded);
    await this.#ports.deliver();
    this.#over = new Map();
    this.#conversations = new Map(
      stored.map((conversation) => [
        conversationKey(conversation.receiver, conversation.groupKey),
        conversation,
      ]),
    );
  }

  /** Forgets what it knows, because another instance may go on. */
  release(): void {
    this.#conversations = undefined;
    this.#newest = undefined;
  }

  /** True while somebody knows of an alert that may have to be told more about. */
  get hasTold(): boolean {
    return [...(this.#conversations?.values() ?? [])].some(({ state }) => Object.keys(state.told).length > 0);
  }

  /** What is held back and by whom, by fingerprint, as of the newest step. */
  get marks(): ReadonlyMap<string, AlertMarks> {
    return this.#newest?.marks ?? new Map();
  }

  /** What the newest step decided about each group and integration. */
  get decisions(): readonly DispatchDecision[] {
    return this.#newest?.decisions ?? [];
  }

  /** The integrations that hear of these alerts and take notes about retraining; of those that are silenced nobody hears. */
  receiversOf(alerts: readonly Alert[], now: Millis): string[] {
    const { root, integrations } = this.#config;
    if (root === undefined) return [];
    const { silences: all } = this.#ports.suppressions();
    const heard = alerts.filter(({ labels }) => !all.some((silence) => silences(silence, labels, now)));
    const keys = heard
      .flatMap(({ labels }) => routesFor(root, labels))
      .flatMap(({ receiver }) => integrations.get(receiver) ?? [])
      .flatMap(({ key, takesNotes }) => (takesNotes ? [key] : []));
    return [...new Set(keys)];
  }

  /**
   * Decides once, about everything.
   *
   * @param before the next instant that is due and not evaluated; undefined when there is none.
   */
  async step(findings: Findings, now: Millis, before?: Millis): Promise<DispatchOutcome | undefined> {
    const conversations = this.#conversations;
    if (conversations === undefined) return undefined;
    const events = await this.#events(findings, conversations);
    const { silences, acknowledgements } = this.#ports.suppressions();
    const outcome = dispatch({
      time: { now, horizon: findings.horizon, before },
      events,
      config: this.#config,
      silences,
      acknowledgements,
      conversations,
      link: this.#ports.link,
      waits: this.#ports.waits,
    });
    // It may have been taken away while the store was being asked.
    if (this.#conversations !== conversations) return undefined;
    if (outcome.entries.length > 0 && !(await this.#commit(outcome.entries, conversations))) return undefined;
    this.#newest = outcome;
    this.#ports.onStep(outcome);
    if (outcome.entries.some(({ notification }) => notification !== undefined)) await this.#ports.deliver();
    return outcome;
  }

  /** @returns false when another instance took over meanwhile: it has read these entries, or decides for itself. */
  async #commit(
    entries: readonly DispatchEntry[],
    conversations: Map<string, Conversation>,
  ): Promise<boolean> {
    await this.#ports.saveEntries(entries);
    if (this.#conversations !== conversations) return false;
    const notifications = entries.flatMap(({ notification }) => notification ?? []);
    if (notifications.length > 0) await this.#ports.project(notifications);
    for (const { groupKey, receiver, seq, state } of entries) {
      conversations.set(conversationKey(receiver, groupKey), { groupKey, receiver, seq, state });
    }
    return true;
  }

  async #events(
    { firing, horizon }: Findings,
    conversations: ReadonlyMap<string, Conversation>,
  ): Promise<AlertEvent[]> {
    const current = new Set(firing.map(({ fingerprint }) => fingerprint));
    const told = new Set([...conversations.values()].flatMap(({ state }) => Object.keys(state.told)));
    const over = [...told].filter((fingerprint) => !current.has(fingerprint)).sort();
    const known = this.#over;
    const asked = over.filter((fingerprint) => !known.has(fingerprint));
    const found = asked.length === 0 ? [] : await this.#ports.newestTransitions(asked);
    const all = new Map([...known, ...found.map((event) => [event.alert.fingerprint, event] as const)]);
    this.#over = new Map(
      over.flatMap((fingerprint) => {
        const event = all.get(fingerprint);
        if (event === undefined) return [];
        // A rule that was taken away leaves no word about the end of its alerts.
        const at = event.alert.status === 'resolved' ? event.at : horizon;
        return [[fingerprint, { at, alert: { ...event.alert, status: 'resolved' as const } }]];
      }),
    );
    return [
      ...firing.map((alert) => ({ alert, at: alert.firedAt ?? alert.window.to })),
      ...this.#over.values(),
    ];
  }
}
