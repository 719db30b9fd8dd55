import { expect, it } from 'vitest';
import { evaluateIntake, intakeGroup } from '../../src/pipeline/intake-alerts.ts';
import type { GroupStates } from '../../src/rules/remembered-alerts.ts';
import type { TopicIntake } from '../../src/store/intake.ts';
import { MINUTE, MORNING } from '../support/events.ts';

const LIMIT = { share: 0.5, window: 5 * MINUTE, records: 100, severity: 'critical' };
const GROUP = intakeGroup(LIMIT);

function intake(rejected: number, topic = 'predictions', offset = 17): TopicIntake {
  const worst = { reason: 'not_json', partition: 2, offset };
  return { topic, records: 1_000, rejected, first: MORNING, ...(rejected > 0 && { worst }) };
}

/** One minute after another, each with what the memory of the one before says. */
function run(minutes: ReadonlyArray<readonly TopicIntake[]>): string[] {
  let states: GroupStates = {};
  return minutes.flatMap((intakes, minute) => {
    const instant = MORNING + minute * MINUTE;
    const outcome = evaluateIntake(intakes, { group: GROUP, instant, states, limit: LIMIT });
    // What a restart leaves of it.
    states = JSON.parse(JSON.stringify(outcome.states)) as GroupStates;
    expect(outcome.active).toEqual(Object.values(outcome.states).map(({ alert }) => alert));
    return outcome.transitions.map(({ alert, to }) => `${minute}: ${alert.labels['topic']} ${to}`);
  });
}

it('begins once and ends once, however long it goes on and however near to the limit', () => {
  const shares = [0, 100, 501, 900, 499, 501, 300, 251, 250, 0, 501];
  expect(run(shares.map((rejected) => [intake(rejected)]))).toEqual([
    '2: predictions firing',
    '8: predictions resolved',
    '10: predictions firing',
  ]);
});

it('tells the topics apart', () => {
  expect(
    run([
      [intake(900), intake(0, 'labels')],
      [intake(900), intake(900, 'labels')],
      [intake(0), intake(900, 'labels')],
    ]),
  ).toEqual(['0: predictions firing', '1: labels firing', '2: predictions resolved']);
});

it('ends when nothing is read from the topic any more', () => {
  expect(run([[intake(900)], []])).toEqual(['0: predictions firing', '1: predictions resolved']);
});

it('says what a rule would, in labels that routes can go by', () => {
  const first = { group: GROUP, instant: MORNING, states: {}, limit: LIMIT };
  const { states, transitions, active } = evaluateIntake([intake(900)], first);
  expect(active).toMatchObject([
    {
      status: 'firing',
      ruleGroup: 'driftd',
      labels: { alertname: 'RejectedRecords', topic: 'predictions', severity: 'critical' },
      annotations: { summary: expect.stringContaining('such as offset 17 of partition 2') },
      values: { rejected_share: 0.9, records: 1_000 },
      since: MORNING - 5 * MINUTE,
      firedAt: MORNING,
    },
  ]);
  // The same question has the same answer, ids included.
  expect(evaluateIntake([intake(900)], first).transitions).toEqual(transitions);
  const next = { ...first, instant: MORNING + MINUTE, states };
  expect(evaluateIntake([intake(800, 'predictions', 99)], next).active[0]?.annotations['summary']).toContain(
    'offset 99',
  );
  // While it is on its way back, it goes on saying what had happened.
  expect(evaluateIntake([intake(300)], next).active[0]).toMatchObject({
    annotations: active[0]?.annotations,
    values: { rejected_share: 0.3 },
    since: MORNING - 5 * MINUTE,
    firedAt: MORNING,
  });
  expect(evaluateIntake([intake(0)], next).transitions[0]?.alert.status).toBe('resolved');
});
