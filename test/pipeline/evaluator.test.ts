import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EvaluationOutcome, Evaluator } from '../../src/pipeline/evaluator.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';
import { groupsOf, MemoryEvaluations, STAGES } from './memory-evaluations.ts';

const GROUPS = groupsOf(`
groups:
  - name: hourly
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Few, when: predictions < 10, for: 2, clear: 1, summary: few }]
  - name: quarterly
    schedule: "*/15 * * * *"
    window: 15m
    rules: [{ alert: Few, when: predictions < 10, for: 1, clear: 1, summary: few, labels: { of: quarter } }]
`);
const [HOURLY] = GROUPS;
const DAY = 24 * HOUR;
const always = () => true;

async function takenOver(
  evaluations: MemoryEvaluations,
  groups = GROUPS,
  backfill = DAY,
): Promise<Evaluator> {
  const evaluator = evaluations.process(groups, backfill);
  await evaluator.takeOver();
  return evaluator;
}

function upTo(
  evaluator: Evaluator,
  hours: number,
  ready = always as Parameters<Evaluator['evaluateUpTo']>[1],
) {
  return evaluator.evaluateUpTo(MORNING + hours * HOUR, ready, new AbortController().signal);
}

describe('an evaluator', () => {
  it('evaluates every instant once, all groups in order of time', async () => {
    const evaluations = new MemoryEvaluations();
    const evaluator = await takenOver(evaluations);
    expect(await upTo(evaluator, 1.1)).toBe(5);
    expect(await upTo(evaluator, 1.1)).toBe(0);
    expect(await upTo(evaluator, 1.3)).toBe(1);
    expect(evaluations.measured).toEqual([
      'quarterly@0.25',
      'quarterly@0.5',
      'quarterly@0.75',
      'hourly@1',
      'quarterly@1',
      'quarterly@1.25',
    ]);
    expect(evaluations.told).toEqual(evaluations.measured);
    expect(evaluations.rows.length).toBe(6);
    expect(evaluator.evaluatedUpTo('hourly')).toBe(MORNING + HOUR);
  });

  it('advances the streams of errors for the groups that need labels, before it measures', async () => {
    const evaluations = new MemoryEvaluations();
    const groups = groupsOf(`
groups:
  - name: errors
    schedule: "*/30 * * * *"
    window: 6h
    rules: [{ alert: Changed, when: page_hinkley.detected, summary: changed }]
  - name: traffic
    schedule: "*/15 * * * *"
    window: 1h
    rules: [{ alert: Few, when: predictions < 10, summary: few }]
`);
    await upTo(await takenOver(evaluations, groups), 1);
    expect(evaluations.advanced).toEqual([0.5, 1]);
    expect(evaluations.measured).toContain('traffic@0.25');
  });

  it('does not begin while there is no data, and begins at the first', async () => {
    const evaluations = new MemoryEvaluations();
    evaluations.firstEventTime = undefined;
    const evaluator = await takenOver(evaluations);
    expect(evaluator.mayBeDue(MORNING)).toBe(true);
    expect(await upTo(evaluator, 5)).toBe(0);
    evaluations.firstEventTime = MORNING + 3.9 * HOUR;
    expect(await upTo(evaluator, 5.1)).toBe(7);
    expect(evaluations.measured[0]).toBe('hourly@4');
  });

  it('begins no longer ago than the backfill reaches', async () => {
    const evaluations = new MemoryEvaluations();
    const evaluator = await takenOver(evaluations, [HOURLY!], 3 * HOUR);
    await upTo(evaluator, 100.5);
    expect(evaluations.measured).toEqual(['hourly@98', 'hourly@99', 'hourly@100']);
  });

  it('evaluates all that was missed in a time of rest, in order, however long ago', async () => {
    const evaluations = new MemoryEvaluations();
    await upTo(await takenOver(evaluations, [HOURLY!], 2 * HOUR), 2);
    const after = await takenOver(evaluations, [HOURLY!], 2 * HOUR);
    expect(after.mayBeDue(MORNING + 2 * HOUR)).toBe(false);
    expect(after.mayBeDue(MORNING + 3 * HOUR)).toBe(true);
    expect(await upTo(after, 50)).toBe(48);
    expect(evaluations.measured).toEqual(Array.from({ length: 50 }, (_, i) => `hourly@${i + 1}`));
  });

  it('leaves a group whose labels have not come for later, and does the others', async () => {
    const evaluations = new MemoryEvaluations();
    const evaluator = await takenOver(evaluations);
    await upTo(evaluator, 2, ({ name }, instant) => name !== 'hourly' || instant <= MORNING + HOUR);
    expect(evaluations.measured.filter((text) => text.startsWith('hourly'))).toEqual(['hourly@1']);
    expect(evaluations.measured.length).toBe(9);
    await upTo(evaluator, 2);
    expect(evaluations.measured.at(-1)).toBe('hourly@2');
  });

  it('tells of what happened in a backlog, also when other groups are far ahead', async () => {
    const evaluations = new MemoryEvaluations();
    // The hourly rule wants two windows: it fires at 3 and is over at 4.
    evaluations.predictionsAt = (instant) =>
      instant > MORNING + HOUR && instant <= MORNING + 3 * HOUR && instant % HOUR === 0 ? 3 : 100;
    const evaluator = await takenOver(evaluations, GROUPS);
    await upTo(evaluator, 6, ({ name }) => name === 'quarterly');
    const before = evaluations.dispatch.messages.length;
    await upTo(evaluator, 6);
    await evaluator.dispatch();
    const late = evaluations.dispatch.messages.slice(before);
    expect(late.map(({ ruleGroup, reason }) => `${ruleGroup} ${reason}`)).toEqual([
      'hourly sent_first',
      'hourly sent_resolved',
    ]);
  });

  it('stops between two instants when it is told to, and when it is released', async () => {
    const evaluations = new MemoryEvaluations();
    const evaluator = await takenOver(evaluations);
    const stop = new AbortController();
    const halfway = () => {
      if (evaluations.measured.length === 2) stop.abort();
      return true;
    };
    await evaluator.evaluateUpTo(MORNING + DAY, halfway, stop.signal);
    expect(evaluations.measured.length).toBe(2);
    evaluator.release();
    expect(evaluator.isActive).toBe(false);
    expect(await upTo(evaluator, 24)).toBe(0);
  });

  it('commits nothing of an evaluation in the middle of which another instance takes over', async () => {
    const evaluations = new MemoryEvaluations();
    const evaluator = await takenOver(evaluations);
    const tenure = new AbortController();
    const reason = new Error('another instance evaluates');
    evaluations.predictionsAt = () => {
      tenure.abort(reason);
      return 3;
    };
    const evaluation = evaluator.evaluateUpTo(MORNING + DAY, () => true, tenure.signal);
    await expect(evaluation).rejects.toBe(reason);
    expect(evaluations.rows).toEqual([]);
  });

  it('remembers alerts over a restart', async () => {
    const evaluations = new MemoryEvaluations();
    evaluations.predictionsAt = (instant) =>
      instant > MORNING + 2 * HOUR && instant < MORNING + 5 * HOUR ? 3 : 100;
    for (const hours of [1, 2, 3, 4, 5]) await upTo(await takenOver(evaluations, [HOURLY!]), hours);
    const steps = evaluations.rows.flatMap(({ instant, outcome }) =>
      (JSON.parse(outcome) as EvaluationOutcome).transitions.map(({ to }) => [
        (instant - MORNING) / HOUR,
        to,
      ]),
    );
    expect(steps).toEqual([
      [3, 'pending'],
      [4, 'firing'],
      [5, 'resolved'],
    ]);
    const restarted = await takenOver(evaluations, [HOURLY!]);
    expect(restarted.alerts()).toEqual([]);
  });
});

describe('an evaluator that is killed', () => {
  function disturbed(): MemoryEvaluations {
    const evaluations = new MemoryEvaluations();
    evaluations.predictionsAt = (instant) =>
      Math.floor((instant - MORNING) / (45 * MINUTE)) % 2 === 0 ? 3 : 100;
    return evaluations;
  }

  async function run(evaluations: MemoryEvaluations): Promise<number> {
    for (let lives = 1; ; lives += 1) {
      const evaluator = evaluations.process(GROUPS, DAY);
      try {
        await evaluator.takeOver();
        await upTo(evaluator, 4);
        await evaluator.dispatch();
        return lives;
      } catch (error) {
        expect(String(error)).toContain('killed');
      }
    }
  }

  it.each(
    STAGES.flatMap((stage) =>
      (['before', 'after'] as const).flatMap((when) => [0, 1, 6].map((calls) => ({ stage, when, calls }))),
    ),
  )('$when $stage (call $calls) decides the same as one that was not, and nothing twice', async (dies) => {
    const calm = disturbed();
    await run(calm);
    const evaluations = disturbed();
    evaluations.dies = dies;

    expect(await run(evaluations)).toBe(2);

    const byInstant = (rows: MemoryEvaluations['rows']) =>
      new Map(rows.map(({ ruleGroup, instant, outcome }) => [`${ruleGroup}@${instant}`, outcome]));
    expect(byInstant(evaluations.rows)).toEqual(byInstant(calm.rows));
    // An evaluation that is committed is not made again.
    expect(evaluations.rows.length).toBe(calm.rows.length);
    const ids = ({ projected }: MemoryEvaluations) =>
      new Set(projected.flatMap((outcome) => outcome.transitions.map(({ id }) => id)));
    expect(ids(evaluations)).toEqual(ids(calm));
    // The same messages, each of them once; and whatever was decided before the end is in the outbox after it.
    expect(evaluations.dispatch.messages).toEqual(calm.dispatch.messages);
    expect(evaluations.dispatch.outbox).toEqual(calm.dispatch.outbox);
    expect(calm.dispatch.outbox.size).toBeGreaterThan(5);
  });
});

/** Every change of an alert, in the order in which it was committed: `group@hours alert to reason`. */
function stepsOf(evaluations: MemoryEvaluations): string[] {
  return evaluations.rows.flatMap(({ ruleGroup, instant, outcome }) =>
    (JSON.parse(outcome) as EvaluationOutcome).transitions.map(
      ({ to, reason, alert }) =>
        `${ruleGroup}@${(instant - MORNING) / HOUR} ${alert.labels['alertname']} ${to} ${reason}`,
    ),
  );
}

describe('an evaluator that is given other groups', () => {
  const OTHER = groupsOf(`
groups:
  - name: renamed
    schedule: "0 * * * *"
    window: 1h
    rules: [{ alert: Few, when: predictions < 10, for: 2, clear: 1, summary: few }]
`);

  function quiet(): MemoryEvaluations {
    const evaluations = new MemoryEvaluations();
    evaluations.predictionsAt = () => 3;
    return evaluations;
  }

  it('resolves what fires in a group that is no longer there, once', async () => {
    const evaluations = quiet();
    const evaluator = await takenOver(evaluations, [HOURLY!]);
    await upTo(evaluator, 2);
    evaluator.setGroups([]);
    expect(evaluator.mayBeDue(MORNING + 2.5 * HOUR)).toBe(true);
    await upTo(evaluator, 2.5);
    expect(evaluator.alerts()).toEqual([]);
    expect(evaluator.mayBeDue(MORNING + 3 * HOUR)).toBe(false);
    await upTo(evaluator, 9);
    const [last] = evaluations.projected.at(-1)?.transitions ?? [];
    expect(last?.alert).toMatchObject({ status: 'resolved', window: { to: MORNING + 2.5 * HOUR } });
    expect(stepsOf(evaluations)).toEqual([
      'hourly@1 Few pending condition_met',
      'hourly@2 Few firing k_of_n_reached',
      'hourly@2.5 Few resolved rule_gone',
    ]);
  });

  it('resolves it also when another process does not know the group any more', async () => {
    const evaluations = quiet();
    await upTo(await takenOver(evaluations, [HOURLY!]), 2);
    // Clocks and logs may say that it is earlier than when the group was last evaluated.
    await upTo(await takenOver(evaluations, OTHER), 1.5);
    expect(stepsOf(evaluations).slice(2)).toEqual([
      `hourly@${2 + 1 / HOUR} Few resolved rule_gone`,
      'renamed@1 Few pending condition_met',
    ]);
  });

  it('goes by the new schedule of a group from the next look on', async () => {
    const evaluations = quiet();
    const evaluator = await takenOver(evaluations, [HOURLY!]);
    await upTo(evaluator, 2);
    expect(evaluator.mayBeDue(MORNING + 2.5 * HOUR)).toBe(false);
    evaluator.setGroups([{ ...HOURLY!, schedule: '*/30 * * * *' }]);
    expect(evaluator.mayBeDue(MORNING + 2.5 * HOUR)).toBe(true);
    await upTo(evaluator, 3);
    evaluator.setGroups([HOURLY!]);
    await upTo(evaluator, 4);
    expect(evaluations.measured.map((text) => text.replace('hourly@', ''))).toEqual([
      '1',
      '2',
      '2.5',
      '3',
      '4',
    ]);
  });

  it('goes on where a group was that comes back', async () => {
    const evaluations = quiet();
    const evaluator = await takenOver(evaluations, [HOURLY!]);
    await upTo(evaluator, 2);
    evaluator.setGroups(OTHER);
    await upTo(evaluator, 3);
    evaluator.setGroups([HOURLY!, ...OTHER]);
    await upTo(evaluator, 5);
    const ofHourly = evaluations.measured.filter((text) => text.startsWith('hourly'));
    expect(ofHourly).toEqual(['hourly@1', 'hourly@2', 'hourly@3', 'hourly@4', 'hourly@5']);
    expect(stepsOf(evaluations).filter((text) => text.startsWith('hourly'))).toEqual([
      'hourly@1 Few pending condition_met',
      'hourly@2 Few firing k_of_n_reached',
      'hourly@3 Few resolved rule_gone',
      'hourly@4 Few pending condition_met',
      'hourly@5 Few firing k_of_n_reached',
    ]);
  });

  it.each(STAGES.flatMap((stage) => (['before', 'after'] as const).map((when) => ({ stage, when }))))(
    'and is killed $when $stage while it resolves them tells of it once',
    async ({ stage, when }) => {
      const evaluations = quiet();
      await upTo(await takenOver(evaluations, [HOURLY!]), 2);
      const before = evaluations.projected.length;
      // Whoever takes over projects once before it evaluates.
      const calls = stage === 'project' ? 1 : 0;
      evaluations.dies = { stage, when, calls };
      for (let lives = 0; ; lives += 1) {
        expect(lives).toBeLessThan(3);
        try {
          const evaluator = await takenOver(evaluations, []);
          await upTo(evaluator, 2.5);
          await evaluator.dispatch();
          break;
        } catch (error) {
          expect(String(error)).toContain('killed');
        }
      }
      expect(evaluations.dies).toBeUndefined();
      const told = evaluations.projected.slice(before).flatMap(({ transitions }) => transitions);
      const resolved = told.filter(({ to }) => to === 'resolved');
      expect(new Set(resolved.map(({ id }) => id)).size).toBe(1);
      expect(stepsOf(evaluations).filter((text) => text.endsWith('rule_gone'))).toHaveLength(1);
      const restarted = await takenOver(evaluations, []);
      expect(restarted.alerts()).toEqual([]);
      expect(restarted.mayBeDue(MORNING + 9 * HOUR)).toBe(false);
    },
  );

  it('leaves alone the alerts of every rule that stays as it is, whatever else changes and when', async () => {
    const rule = (name: string, limit: number, more = '') =>
      `{ alert: ${name}, when: predictions < ${limit}, for: 2/3, clear: 2, summary: few ${more}}`;
    const group = (...rules: string[]) =>
      groupsOf(`groups: [{ name: hourly, schedule: "0 * * * *", window: 1h, rules: [${rules.join(', ')}] }]`);
    const kept = rule('Kept', 10);
    const variants = [
      group(kept),
      group(kept, rule('Other', 10)),
      group(rule('Other', 50), kept),
      group(kept, rule('Other', 10, ', severity: critical')),
      group(rule('Third', 90), kept, rule('Other', 10)),
    ];
    const ofKept = (evaluations: MemoryEvaluations) =>
      evaluations.rows.flatMap(({ outcome }) =>
        (JSON.parse(outcome) as EvaluationOutcome).transitions.filter(
          ({ alert }) => alert.labels['alertname'] === 'Kept',
        ),
      );
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(3, 30, 100), { minLength: 12, maxLength: 12 }),
        fc.array(fc.record({ variant: fc.nat(variants.length - 1), restart: fc.boolean() }), {
          minLength: 12,
          maxLength: 12,
        }),
        async (predictions, reloads) => {
          const run = async (isReloaded: boolean): Promise<MemoryEvaluations> => {
            const evaluations = new MemoryEvaluations();
            evaluations.predictionsAt = (instant) => predictions[(instant - MORNING) / HOUR - 1] ?? 100;
            let evaluator = await takenOver(evaluations, variants[0] as (typeof variants)[0]);
            for (const [i, { variant, restart }] of reloads.entries()) {
              const groups = variants[isReloaded ? variant : 0] as (typeof variants)[0];
              if (isReloaded && restart) evaluator = await takenOver(evaluations, groups);
              else evaluator.setGroups(groups);
              await upTo(evaluator, i + 1);
            }
            return evaluations;
          };
          expect(ofKept(await run(true))).toEqual(ofKept(await run(false)));
        },
      ),
      { numRuns: 60 },
    );
  });
});
