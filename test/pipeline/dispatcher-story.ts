import fc from 'fast-check';
import { parseMatcher } from '../../src/notify/matcher.ts';
import type { AlertNotification } from '../../src/notify/notification.ts';
import type { NotifyOptions } from '../../src/notify/receiver-options.ts';
import type { Dispatcher } from '../../src/pipeline/dispatcher.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, optionsOf } from '../notify/examples.ts';
import { MINUTE, MORNING } from '../support/events.ts';
import { MemoryDispatch } from './memory-dispatch.ts';

/** Two models; the second may not be told about in every third hour, and one of its integrations wants no ends. */
export const OPTIONS: NotifyOptions = optionsOf({
  receivers: [
    { name: 'team', webhook_configs: [{ url: 'http://127.0.0.1:1/' }] },
    {
      name: 'other',
      webhook_configs: [{ url: 'http://127.0.0.1:1/' }, { url: 'http://127.0.0.1:1/', send_resolved: false }],
    },
  ],
  time_intervals: [
    {
      name: 'lunch',
      time_intervals: [
        {
          times: Array.from({ length: 8 }, (_, i) => ({
            start_time: `${String(3 * i).padStart(2, '0')}:00`,
            end_time: `${String(3 * i + 1).padStart(2, '0')}:00`,
          })),
        },
      ],
    },
  ],
  route: {
    receiver: 'team',
    repeat_interval: '2h',
    routes: [
      { receiver: 'other', matchers: ['model=churn'], mute_time_intervals: ['lunch'], group_wait: '10m' },
    ],
  },
});

/** The alerts that may fire. NewCategory explains FeatureDrift of its feature. */
const ALERTS: readonly Alert[] = ['fraud', 'churn'].flatMap((model) => [
  alertOf({ labels: { model, alertname: 'FeatureDrift', feature: 'country' } }),
  alertOf({ labels: { model, alertname: 'NewCategory', feature: 'country' } }),
  alertOf({ labels: { model, alertname: 'FeatureDrift', feature: 'amount' } }),
]);

export type Command =
  /** So many minutes later an instant is evaluated, and these alerts begin to fire, or stop. */
  | { readonly evaluate: readonly number[]; readonly minutes: number }
  | { readonly wait: number }
  | { readonly silence: number; readonly minutes: number }
  | { readonly acknowledge: number }
  | { readonly restart: true };

const index = fc.nat(ALERTS.length - 1);

export const commands: fc.Arbitrary<Command[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        evaluate: fc.uniqueArray(index, { maxLength: 3 }),
        minutes: fc.constantFrom(1, 5, 30, 60),
      }),
    },
    { weight: 4, arbitrary: fc.record({ wait: fc.constantFrom(1, 4, 30, 150) }) },
    { weight: 2, arbitrary: fc.record({ silence: index, minutes: fc.constantFrom(20, 200) }) },
    { weight: 1, arbitrary: fc.record({ acknowledge: index }) },
    { weight: 2, arbitrary: fc.constant({ restart: true } as const) },
  ),
  { maxLength: 40 },
);

/** What was sent, with what was true when it was decided. */
export interface Sent {
  readonly message: AlertNotification;
  readonly now: number;
  readonly silenced: ReadonlySet<string>;
}

/** A process dies when it comes to this for the `calls`-th time, before its work there is done or after it. */
export interface Death {
  readonly stage: 'saveEntries' | 'fillOutbox';
  readonly when: 'before' | 'after';
  readonly calls: number;
}

/** Time, alerts and people, in a story that is told to dispatchers step by step. */
export class Story {
  readonly memory = new MemoryDispatch();
  readonly sent: Sent[] = [];
  #firing = new Map<string, Alert>();
  #now = MORNING;
  #horizon = MORNING;
  #dispatcher: Dispatcher | undefined;
  #death: Death | undefined;

  constructor(death?: Death) {
    this.#death = death;
  }

  get firing(): ReadonlySet<string> {
    return new Set(this.#firing.keys());
  }

  async tell(story: readonly Command[]): Promise<this> {
    for (const command of story) {
      this.#happen(command);
      await this.#step();
    }
    return this;
  }

  /** Nothing happens any more, and whatever was held back is over. */
  async rest(): Promise<this> {
    for (let i = 0; i < 40; i += 1) await this.tell([{ wait: 10 }]);
    return this;
  }

  #happen(command: Command): void {
    if ('evaluate' in command) {
      this.#now += command.minutes * MINUTE;
      this.#horizon = this.#now;
      for (const alert of command.evaluate.map((i) => ALERTS[i]!)) this.#turn(alert);
    }
    if ('wait' in command) this.#now += command.wait * MINUTE;
    if ('silence' in command) this.#silence(ALERTS[command.silence]!, command.minutes);
    if ('acknowledge' in command) this.#acknowledge(ALERTS[command.acknowledge]!);
    if ('restart' in command) this.#dispatcher = undefined;
  }

  #turn(alert: Alert): void {
    const { fingerprint } = alert;
    const before = this.#firing.get(fingerprint);
    const next: Alert =
      before === undefined ? { ...alert, firedAt: this.#now } : { ...before, status: 'resolved' };
    if (before === undefined) this.#firing.set(fingerprint, next);
    else this.#firing.delete(fingerprint);
    this.memory.transitions.set(fingerprint, { alert: next, at: this.#now });
  }

  #silence({ labels }: Alert, minutes: number): void {
    const matchers = ['model', 'feature'].map((name) => parseMatcher(`${name}="${labels[name]}"`)!);
    const times = { startsAt: this.#now, endsAt: this.#now + minutes * MINUTE, updatedAt: this.#now };
    const id = `silence-${this.memory.silences.length}`;
    this.memory.silences = [
      ...this.memory.silences,
      { id, matchers, createdBy: 'ada', comment: '', ...times },
    ];
  }

  #acknowledge({ fingerprint }: Alert): void {
    const id = `acknowledgement-${this.memory.acknowledgements.length}`;
    const about = { id, matchers: [], fingerprint, createdBy: 'ada', comment: '', createdAt: this.#now };
    this.memory.acknowledgements = [...this.memory.acknowledgements, about];
  }

  async #step(): Promise<void> {
    for (;;) {
      try {
        if (this.#dispatcher === undefined) {
          const dispatcher = this.memory.process(OPTIONS, (stage, work) => this.#mortal(stage, work));
          await dispatcher.takeOver();
          this.#dispatcher = dispatcher;
        }
        const before = this.memory.messages.length;
        await this.#dispatcher.step(
          { firing: [...this.#firing.values()], horizon: this.#horizon },
          this.#now,
        );
        this.#write(before);
        return;
      } catch (error) {
        if (!String(error).includes('killed')) throw error;
        this.#dispatcher = undefined;
      }
    }
  }

  #write(before: number): void {
    const silenced = new Set(
      ALERTS.filter(({ labels }) =>
        this.memory.silences.some(
          ({ startsAt, endsAt, matchers }) =>
            startsAt <= this.#now &&
            this.#now < endsAt &&
            matchers.every((matcher) => matcher.matches(labels)),
        ),
      ).map(({ fingerprint }) => fingerprint),
    );
    for (const message of this.memory.messages.slice(before))
      this.sent.push({ message, now: this.#now, silenced });
  }

  async #mortal<T>(stage: Death['stage'], work: () => T): Promise<T> {
    const death = this.#death;
    const strikes = death?.stage === stage && death.calls === 0;
    if (death?.stage === stage) this.#death = strikes ? undefined : { ...death, calls: death.calls - 1 };
    if (strikes && death.when === 'before') throw new Error('killed');
    const result = work();
    if (strikes) throw new Error('killed');
    return result;
  }
}
