import { type AlertEvent, conversationKey, type DispatchEntry } from '../../src/notify/dispatch.ts';
import type { AlertNotification } from '../../src/notify/notification.ts';
import type { NotifyOptions } from '../../src/notify/receiver-options.ts';
import type { Acknowledgement, Silence } from '../../src/notify/silence.ts';
import { Dispatcher } from '../../src/pipeline/dispatcher.ts';

type Fault = <T>(stage: 'saveEntries' | 'fillOutbox', work: () => T) => Promise<T>;

/** What dispatchers leave behind, in memory: it outlives the processes. */
export class MemoryDispatch {
  readonly entries: DispatchEntry[] = [];
  readonly outbox = new Map<string, AlertNotification>();
  /** The newest change of alerts, by fingerprint. */
  readonly transitions = new Map<string, AlertEvent>();
  silences: readonly Silence[] = [];
  acknowledgements: readonly Acknowledgement[] = [];
  deliveries = 0;
  /** Whether receivers take nothing, so that all that was sent before still waits. */
  isAway = false;

  /** All messages, in the order in which they were decided. */
  get messages(): AlertNotification[] {
    return this.entries.flatMap(({ notification }) => notification ?? []);
  }

  process(options: NotifyOptions, at: Fault = async (_, work) => work()): Dispatcher {
    return new Dispatcher(options, {
      newestConversations: async () => {
        const newest = new Map<string, DispatchEntry>();
        for (const entry of this.entries) newest.set(conversationKey(entry.receiver, entry.groupKey), entry);
        return [...newest.values()].map((entry) => JSON.parse(JSON.stringify(entry)) as DispatchEntry);
      },
      saveEntries: (entries) => at('saveEntries', () => void this.entries.push(...entries)),
      strandedNotifications: async () => this.messages.filter(({ id }) => !this.outbox.has(id)),
      project: (notifications) =>
        at('fillOutbox', () => {
          for (const notification of notifications) this.outbox.set(notification.id, notification);
        }),
      deliver: async () => {
        this.deliveries += 1;
      },
      newestTransitions: async (fingerprints) =>
        fingerprints.flatMap((fingerprint) => this.transitions.get(fingerprint) ?? []),
      suppressions: () => this,
      link: () => 'https://driftd.example',
      waits: () => this.isAway,
      onStep: () => undefined,
    });
  }
}
