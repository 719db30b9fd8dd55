import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AlertNotification } from '../../src/notify/notification.ts';
import { byEventTime } from '../../src/pipeline/dispatch-clock.ts';
import { alertOf, optionsOf } from '../notify/examples.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';
import { commands, type Death, OPTIONS, type Sent, Story } from './dispatcher-story.ts';
import { MemoryDispatch } from './memory-dispatch.ts';

const RUNS = { numRuns: 100 };

/** Messages of each conversation, in order. */
function conversations(sent: readonly Sent[]): Sent[][] {
  const found = new Map<string, Sent[]>();
  for (const one of sent) {
    const key = `${one.message.receiver} ${one.message.groupKey}`;
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return [...found.values()];
}

function listed({ alerts }: AlertNotification, status: 'firing' | 'resolved'): string[] {
  return alerts.filter((alert) => alert.status === status).map(({ fingerprint }) => fingerprint);
}

/** What somebody believes who reads all messages of a conversation: who fires. */
function belief(messages: readonly AlertNotification[]): Set<string> {
  const firing = new Set<string>();
  for (const message of messages) {
    for (const fingerprint of listed(message, 'firing')) firing.add(fingerprint);
    for (const fingerprint of listed(message, 'resolved')) firing.delete(fingerprint);
  }
  return firing;
}

/** Which alerts a message says fire, each with when it began to. */
function beginnings({ alerts }: AlertNotification): string[] {
  return alerts
    .filter(({ status }) => status === 'firing')
    .map(({ fingerprint, firedAt }) => `${fingerprint} ${firedAt}`);
}

describe('whatever happens, a dispatcher', () => {
  it('sends nothing but news and repeats that are due', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const { sent } = await new Story().tell(story);
        for (const conversation of conversations(sent)) {
          conversation.forEach(({ message, now }, i) => {
            const before = conversation[i - 1];
            const told = new Set(before === undefined ? [] : beginnings(before.message));
            if (message.reason === 'sent_repeat') {
              expect(now - (before?.now ?? 0)).toBeGreaterThanOrEqual(2 * HOUR);
              expect(listed(message, 'resolved')).toEqual([]);
            } else {
              // Who does not want to hear of ends hears of one alert twice when it fires again.
              const news = beginnings(message).filter((beginning) => !told.has(beginning));
              expect(news.length + listed(message, 'resolved').length).toBeGreaterThan(0);
            }
            expect(message.alerts.length).toBeGreaterThan(0);
          });
        }
      }),
      RUNS,
    );
  });

  it('says of no alert that it is over before it said that it fires, nor twice', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const { sent } = await new Story().tell(story);
        for (const conversation of conversations(sent)) {
          const messages = conversation.map(({ message }) => message);
          messages.forEach((message, i) => {
            const known = belief(messages.slice(0, i));
            for (const fingerprint of listed(message, 'resolved')) expect(known).toContain(fingerprint);
          });
        }
      }),
      RUNS,
    );
  });

  it('tells in the end of everything that fires, and of the end of everything that it had told', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const told = await (await new Story().tell(story)).rest();
        for (const conversation of conversations(told.sent)) {
          const messages = conversation.map(({ message }) => message);
          // An integration that wants no ends keeps what it believes.
          if (messages[0]?.receiver === 'other/webhook/1') continue;
          const believed = [...belief(messages)].filter((fingerprint) => !told.firing.has(fingerprint));
          expect(believed).toEqual([]);
        }
        for (const receiver of ['team/webhook/0', 'other/webhook/0', 'other/webhook/1']) {
          const messages = told.sent
            .map(({ message }) => message)
            .filter((message) => message.receiver === receiver);
          const believed = belief(messages);
          for (const fingerprint of told.firing) {
            const { model, alertname, feature } = JSON.parse(fingerprint) as Record<string, string>;
            if ((model === 'churn') !== receiver.startsWith('other')) continue;
            const cause = fingerprint.replace('FeatureDrift', 'NewCategory');
            const explained = alertname === 'FeatureDrift' && feature === 'country' && told.firing.has(cause);
            if (!explained) expect(believed).toContain(fingerprint);
          }
        }
      }),
      RUNS,
    );
  });

  it('lists nothing that is silenced, and sends nothing in a mute time', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const { sent } = await new Story().tell(story);
        for (const { message, now, silenced } of sent) {
          for (const { fingerprint } of message.alerts) expect(silenced).not.toContain(fingerprint);
          if (message.receiver.startsWith('other')) expect(new Date(now).getUTCHours() % 3).not.toBe(0);
        }
      }),
      RUNS,
    );
  });

  it('gives every message an id of its own, and one that comes after the one before', async () => {
    await fc.assert(
      fc.asyncProperty(commands, async (story) => {
        const { sent } = await (await new Story().tell(story)).rest();
        expect(new Set(sent.map(({ message }) => message.id)).size).toBe(sent.length);
        for (const conversation of conversations(sent)) {
          const times = conversation.map(({ message }) => message.at);
          expect(times).toEqual([...new Set(times)].sort((a, b) => a - b));
        }
      }),
      RUNS,
    );
  });

  it('decides the same when it is restarted at any point', async () => {
    await fc.assert(
      fc.asyncProperty(commands, fc.nat(40), async (story, place) => {
        const calm = await new Story().tell(story.filter((command) => !('restart' in command)));
        const restarted = story.flatMap((command, i) =>
          i === place ? [{ restart: true } as const, command] : [command],
        );
        const { memory } = await new Story().tell(restarted);
        expect(memory.entries).toEqual(calm.memory.entries);
      }),
      RUNS,
    );
  });

  it('loses no message and sends none twice when it is killed between any two steps', async () => {
    const death: fc.Arbitrary<Death> = fc.record({
      stage: fc.constantFrom('saveEntries', 'fillOutbox'),
      when: fc.constantFrom('before', 'after'),
      calls: fc.nat(12),
    });
    await fc.assert(
      fc.asyncProperty(commands, death, async (story, kill) => {
        const calm = await new Story().tell(story);
        const { memory } = await new Story(kill).tell(story);
        expect(memory.entries).toEqual(calm.memory.entries);
        expect(memory.outbox).toEqual(calm.memory.outbox);
        expect([...memory.outbox.keys()].sort()).toEqual(memory.messages.map(({ id }) => id).sort());
      }),
      RUNS,
    );
  });
});

describe('a dispatcher', () => {
  const drift = alertOf({ firedAt: MORNING });

  it('that loses its office in the middle of a step leaves the rest to its successor, who sends it once', async () => {
    const memory = new MemoryDispatch();
    const findings = { firing: [drift], horizon: MORNING };
    let commit = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      commit = resolve;
    });
    const old = memory.process(OPTIONS, async (stage, work) => {
      if (stage === 'saveEntries') await held;
      return work();
    });
    await old.takeOver();
    const step = old.step(findings, MORNING + MINUTE);
    const successor = memory.process(OPTIONS);
    await successor.takeOver();
    old.release();
    await successor.step(findings, MORNING + 2 * MINUTE);
    commit();
    expect(await step).toBeUndefined();
    // Both committed the step. It is the same one, and it is in the outbox once.
    expect(new Set(memory.messages.map(({ id }) => id)).size).toBe(1);
    expect([...memory.outbox.values()]).toEqual([memory.messages[0]]);
    await successor.step(findings, MORNING + 3 * MINUTE);
    expect(memory.messages).toHaveLength(2);
  });

  it('takes up another configuration between two steps, and keeps what was told', async () => {
    const memory = new MemoryDispatch();
    const dispatcher = memory.process(OPTIONS);
    await dispatcher.takeOver();
    const findings = { firing: [drift], horizon: MORNING };
    await dispatcher.step(findings, MORNING + MINUTE);
    dispatcher.configure(
      optionsOf({ ...OPTIONS_TEXT, route: { receiver: 'team', group_by: ['model', 'version'] } }),
    );
    await dispatcher.step(findings, MORNING + 2 * MINUTE);
    expect(memory.messages.map(({ receiver }) => receiver)).toEqual(['team/webhook/0']);
    dispatcher.configure(optionsOf({ ...OPTIONS_TEXT, route: { receiver: 'second' } }));
    await dispatcher.step(findings, MORNING + 3 * MINUTE);
    expect(memory.messages.map(({ receiver }) => receiver)).toEqual(['team/webhook/0', 'second/webhook/0']);
    // The first receiver is not told of the end of what is no longer its business.
    memory.transitions.set(drift.fingerprint, {
      alert: { ...drift, status: 'resolved' },
      at: MORNING + HOUR,
    });
    await dispatcher.step({ firing: [], horizon: MORNING + HOUR }, MORNING + HOUR);
    expect(memory.messages.map(({ receiver, status }) => `${receiver} ${status}`)).toEqual([
      'team/webhook/0 firing',
      'second/webhook/0 firing',
      'second/webhook/0 resolved',
    ]);
  });

  it('tells of the end of an alert whose rule was taken away', async () => {
    const memory = new MemoryDispatch();
    const dispatcher = memory.process(OPTIONS);
    await dispatcher.takeOver();
    memory.transitions.set(drift.fingerprint, { alert: drift, at: MORNING });
    await dispatcher.step({ firing: [drift], horizon: MORNING }, MORNING + MINUTE);
    await dispatcher.step({ firing: [], horizon: MORNING + HOUR }, MORNING + HOUR + MINUTE);
    expect(memory.messages.map(({ reason }) => reason)).toEqual(['sent_first', 'sent_resolved']);
    expect(memory.messages[1]?.alerts).toEqual([{ ...drift, status: 'resolved' }]);
  });

  it('piles up no repeats while a receiver is away, and goes on when it is back', async () => {
    const memory = new MemoryDispatch();
    const dispatcher = memory.process(OPTIONS);
    await dispatcher.takeOver();
    const stepAt = (hours: number) =>
      dispatcher.step(
        { firing: [drift], horizon: MORNING + Math.floor(hours) * HOUR },
        MORNING + hours * HOUR,
      );
    await stepAt(0.5);
    memory.isAway = true;
    for (let hours = 1; hours <= 20; hours += 1) await stepAt(hours);
    expect(memory.messages.map(({ reason }) => reason)).toEqual(['sent_first']);
    expect(memory.entries.filter(({ reason }) => reason === 'undelivered').length).toBeGreaterThan(4);
    memory.isAway = false;
    for (let hours = 21; hours <= 24; hours += 1) await stepAt(hours);
    expect(memory.messages.slice(1).map(({ reason }) => reason)).toEqual(['sent_repeat', 'sent_repeat']);
    expect(new Set(memory.messages.map(({ id }) => id)).size).toBe(3);
  });

  it('decides nothing before it has taken over, nor after it was released', async () => {
    const memory = new MemoryDispatch();
    const dispatcher = memory.process(OPTIONS);
    const findings = { firing: [drift], horizon: MORNING };
    expect(await dispatcher.step(findings, MORNING + MINUTE)).toBeUndefined();
    await dispatcher.takeOver();
    dispatcher.release();
    expect(await dispatcher.step(findings, MORNING + MINUTE)).toBeUndefined();
    expect(memory.entries).toEqual([]);
  });

  it('repeats itself and ends mute times in event time, and does not outlast its news', async () => {
    const memory = new MemoryDispatch();
    const dispatcher = memory.process(OPTIONS);
    await dispatcher.takeOver();
    const dispatching = byEventTime(dispatcher);
    // 09:00 is in a mute time of this route, which ends at 10:00.
    const churn = alertOf({ labels: { model: 'churn' }, firedAt: MORNING + HOUR });
    await dispatching.catchUp({ firing: [churn], horizon: MORNING + HOUR }, MORNING + 5.5 * HOUR);
    const told = (memory: MemoryDispatch): string[] =>
      memory.entries
        .filter(({ receiver }) => receiver === 'other/webhook/0')
        .map(({ reason, state }) => `${reason} ${new Date(state.sentAt ?? 0).toISOString().slice(11, 16)}`);
    // The repeat is due at 12:00, and may be sent at 13:00.
    expect(told(memory)).toEqual(['sent_first 10:00', 'sent_repeat 13:00']);
    const fraud = alertOf({ firedAt: MORNING + 6 * HOUR });
    await dispatching.catchUp({ firing: [churn, fraud], horizon: MORNING + 6 * HOUR }, undefined);
    expect(memory.messages.at(-1)).toMatchObject({ reason: 'sent_first', at: MORNING + 6 * HOUR + 30_000 });
  });
});

const OPTIONS_TEXT = {
  receivers: ['team', 'second'].map((name) => ({ name, webhook_configs: [{ url: 'http://127.0.0.1:1/' }] })),
};
