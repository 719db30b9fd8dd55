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
