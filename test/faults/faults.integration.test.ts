import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWithOwnBroker } from '../support/kafka.ts';
import type { DaemonGroup } from './daemon-group.ts';
import { describeSchedule, type Schedule, SHORT_SEEDS, scheduleOf, TAKE_OVER } from './schedule.ts';
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

  async function endure(
    schedule: Schedule,
    again: string,
    alsoExpect: (group: DaemonGroup) => void = () => undefined,
  ): Promise<void> {
    const trial = new Trial(world, schedule);
    try {
      await trial.run();
      if (trial.group !== undefined) alsoExpect(trial.group);
    } catch (error) {
      const logs = await trial.saveLogs();
      const command = `${again}npx vitest run --project integration test/faults`;
      const story = `${describeSchedule(schedule)}\nlogs: ${logs}\nagain: ${command}`;
      // At once: a run of many schedules takes long.
      console.error(story, error);
      throw new Error(story, { cause: error });
    }
  }

  it.each(seedsOf(process.env['DRIFTD_FAULT_SEEDS']))(
    'counts everything once and tells everything once (seed %i)',
    async (seed) => {
      await endure(scheduleOf(seed), `DRIFTD_FAULT_SEEDS=${seed} `);
    },
    300_000,
  );

  it('has another instance go on within 30 s when the one that evaluates is killed', async () => {
    await endure(TAKE_OVER, '', (group) => {
      const seconds = group.takeOver() / 1_000;
      console.log(`another instance evaluated ${seconds.toFixed(1)} s after the SIGKILL`);
      expect(seconds).toBeLessThan(30);
    });
  }, 300_000);
});
