import { expect, it } from 'vitest';
import { CODECS, describeSchedule, type Fault, SHORT_SEEDS, scheduleOf } from './schedule.ts';

const kindsOf = (seed: number): string[] =>
  scheduleOf(seed).faults.map(({ fault }) => (fault.kind === 'store' ? fault.mode : fault.kind));

it('is the same each time for a seed, and another one for another', () => {
  expect(scheduleOf(7)).toEqual(scheduleOf(7));
  expect(describeSchedule(scheduleOf(7))).not.toBe(describeSchedule(scheduleOf(13)));
});

it('has every kind of fault in the short run, several brokers and both kinds of store', () => {
  const kinds: ReadonlyArray<Exclude<Fault['kind'], 'store'>> = [
    ...(['kill', 'stop', 'zombie', 'broker', 'receiver', 'partitions', 'codec'] as const),
  ];
  const found = new Set(SHORT_SEEDS.flatMap(kindsOf));
  expect([...found].sort()).toEqual([...kinds, 'refuse', 'hang', 'drop-answers', 'cut-answers'].sort());
  const settings = SHORT_SEEDS.map((seed) => scheduleOf(seed).setting);
  expect(settings.sort()).toEqual(['cluster', 'embedded']);
});

it('packs batches in all ways', () => {
  const { faults } = scheduleOf(3);
  const codecs = faults.flatMap(({ fault }) => (fault.kind === 'codec' ? [fault.codec] : []));
  expect(codecs.sort()).toEqual([...CODECS].sort());
});

it('says what happens, and when', () => {
  const text = describeSchedule(scheduleOf(0));
  expect(text.split('\n')[0]).toBe('seed 0: server, 3 daemons');
  expect(text).toMatch(/ \d+\.\d\d s to +\d+\.\d\d s {2}zombie /);
});
