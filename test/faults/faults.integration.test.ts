import { afterAll, beforeAll, it } from 'vitest';
import { describeWithOwnBroker } from '../support/kafka.ts';
import { describeSchedule, SHORT_SEEDS, scheduleOf } from './schedule.ts';
import { Trial } from './trial.ts';
import { World } from './world.ts';

/** `DRIFTD_FAULT_SEEDS` as a list and ranges: 3,7,10-29. */
function seedsOf(text: string | undefined): readonly number[] {
  if (text === undefined) return SHORT_SEEDS;
  return text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => Number(first) + i);
  });
}

describeWithOwnBroker('a group of driftd to whom everything happens', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.make();
  });
  afterAll(async () => {
    await world?.close();
  });

  it.each(seedsOf(process.env['DRIFTD_FAULT_SEEDS']))(
    'counts everything once and tells everything once (seed %i)',
    async (seed) => {
      const schedule = scheduleOf(seed);
      const trial = new Trial(world, schedule);
      try {
        await trial.run();
      } catch (error) {
        const logs = await trial.saveLogs();
        throw new Error(
          `${describeSchedule(schedule)}\nlogs: ${logs}\nagain: DRIFTD_FAULT_SEEDS=${seed} npx vitest run --project integration test/faults`,
          { cause: error },
        );
      }
    },
    300_000,
  );
});
