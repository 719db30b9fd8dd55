import { describe, expect, it } from 'vitest';
import { type Matcher, parseMatcher } from '../../src/notify/matcher.ts';
import { DAY, HOUR, INSTANT } from '../notify/examples.ts';
import { MemorySuppressions } from './memory-suppressions.ts';

function matchersOf(...texts: string[]): Matcher[] {
  return texts.map((text) => parseMatcher(text)!);
}

const WANTED = {
  matchers: matchersOf('model="fraud"', 'feature=~"am.*"'),
  startsAt: INSTANT,
  endsAt: INSTANT + HOUR,
  createdBy: 'ada',
  comment: 'migration',
};

describe('silences', () => {
  it('are seen by every instance, with matchers that match', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const made = await memory.process().silence(WANTED);
    const other = memory.process();
    await other.refresh();
    expect(other.silences).toMatchObject([{ id: made.id, createdBy: 'ada', endsAt: INSTANT + HOUR }]);
    const [silence] = other.silences;
    expect(
      silence?.matchers.map((matcher) => matcher.matches({ model: 'fraud', feature: 'amount' })),
    ).toEqual([true, true]);
  });

  it('begin no sooner than they are made, and end no sooner than that', async () => {
    const suppressions = new MemorySuppressions(INSTANT + 60_000).process();
    expect(await suppressions.silence(WANTED)).toMatchObject({ startsAt: INSTANT + 60_000 });
    await expect(suppressions.silence({ ...WANTED, endsAt: INSTANT })).rejects.toThrow(
      'must be in the future',
    );
  });

  it('end when they are expired, once and for all', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    const { id } = await suppressions.silence(WANTED);
    memory.now += 60_000;
    expect(await suppressions.expire(id)).toBe(true);
    expect(suppressions.silences).toMatchObject([{ id, endsAt: memory.now }]);
    memory.now += 60_000;
    expect(await suppressions.expire(id)).toBe(true);
    expect(suppressions.silences).toMatchObject([{ id, endsAt: INSTANT + 60_000 }]);
    expect(await suppressions.expire('another')).toBe(false);
  });

  it('that have not begun end before they begin', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    const { id } = await suppressions.silence({
      ...WANTED,
      startsAt: INSTANT + HOUR,
      endsAt: INSTANT + 2 * HOUR,
    });
    await suppressions.expire(id);
    expect(suppressions.silences).toMatchObject([{ startsAt: INSTANT, endsAt: INSTANT }]);
  });

  it('are changed in place, and with other matchers become another', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    const { id } = await suppressions.silence(WANTED);
    memory.now += 60_000;
    const longer = await suppressions.silence({ ...WANTED, startsAt: memory.now, endsAt: INSTANT + DAY }, id);
    expect(longer).toMatchObject({ id, startsAt: INSTANT, endsAt: INSTANT + DAY });
    const other = await suppressions.silence({ ...WANTED, matchers: matchersOf('model="churn"') }, id);
    expect(other.id).not.toBe(id);
    expect(suppressions.silences.map((silence) => [silence.id, silence.endsAt > memory.now])).toEqual([
      [id, false],
      [other.id, true],
    ]);
    await expect(suppressions.silence(WANTED, 'unknown')).rejects.toThrow('there is no silence unknown');
  });

  it('are forgotten five days after their end', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    await suppressions.silence(WANTED);
    memory.now += HOUR + 5 * DAY;
    await suppressions.refresh();
    expect(suppressions.silences).toEqual([]);
  });

  it('are at most a thousand at a time', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    for (let i = 0; i < 1_000; i += 1) {
      const row = {
        id: `s${i}`,
        matchers: '[]',
        startsAt: 0,
        endsAt: INSTANT + HOUR,
        createdBy: '',
        comment: '',
      };
      memory.silences.set(row.id, { ...row, updatedAt: 0 });
    }
    await expect(suppressions.silence(WANTED)).rejects.toThrow('expire some first');
    await suppressions.expire('s7');
    await expect(suppressions.silence(WANTED)).resolves.toBeDefined();
  });
});

describe('acknowledgements', () => {
  it('hold until they are taken back', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    const about = { matchers: [], fingerprint: 'f1', createdBy: 'ada', comment: 'on it' };
    const made = await suppressions.acknowledge(about);
    const other = memory.process();
    await other.refresh();
    expect(other.acknowledgements).toEqual([
      { ...made, createdAt: INSTANT, updatedAt: INSTANT, withdrawn: false },
    ]);
    expect(await other.withdraw(made.id)).toBe(true);
    expect(other.acknowledgements).toEqual([]);
    expect(await other.withdraw(made.id)).toBe(false);
  });

  it('about all that fit matchers name no fingerprint', async () => {
    const memory = new MemorySuppressions(INSTANT);
    const suppressions = memory.process();
    const { matchers } = WANTED;
    await suppressions.acknowledge({ matchers, fingerprint: undefined, createdBy: 'ada', comment: '' });
    expect(suppressions.acknowledgements).toMatchObject([
      { fingerprint: undefined, matchers: [{ label: 'model' }, {}] },
    ]);
  });
});
