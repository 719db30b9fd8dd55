import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import type { LossSums } from '../../src/metrics/segment-loss.ts';
import type { Judge } from '../../src/pipeline/evaluator.ts';
import { type ExplainPorts, explainingFirings } from '../../src/pipeline/explain.ts';
import { evaluateGroup, type GroupOutcome } from '../../src/rules/evaluate-group.ts';
import type { GroupStates } from '../../src/rules/remembered-alerts.ts';
import type { Subject } from '../../src/rules/subject.ts';
import type { SegmentLosses, SegmentWindow } from '../../src/store/segment-losses.ts';
import { measurements } from '../rules/measurements.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf, directoryOf, POLICY } from '../support/open-chunks.ts';
import { groupsOf } from './memory-evaluations.ts';

const [GROUP] = groupsOf(`
groups:
  - name: performance
    schedule: "0 * * * *"
    window: 1h
    rules:
      - { alert: AccuracyDrop, when: accuracy < 0.8, for: 2, clear: 2, summary: less often right }
      - { alert: PredictionDrift, each: prediction, when: psi > 0.1, for: 1, clear: 2, summary: moved }
      - { alert: FeatureDrift, each: feature, when: psi > 0.1, for: 1, clear: 2, summary: drifted }
`);

const random = seededRandom(5);
const baseline = baselineOf(
  Array.from({ length: 2_000 }, (_, i) =>
    predictionOf({ features: { amount: random() }, score: random(), timestamp: MORNING - 1_000 + (i % 9) }),
  ),
);

const sums = (n: number, loss: number): LossSums => ({ n, loss, lossSquares: loss });
const LOSSES: SegmentLosses = {
  whole: { before: sums(1_000, 100), now: sums(1_000, 250) },
  segments: new Map([
    ['country=BR', { before: sums(200, 20), now: sums(200, 170) }],
    ['country=DE', { before: sums(800, 80), now: sums(800, 80) }],
  ]),
  sampled: { now: 1, before: 1 },
};

/** What a window shows: an accuracy, and how far both outputs and a feature lie from the baseline. */
interface Shown {
  readonly accuracy?: number;
  readonly score?: number;
  readonly answer?: number;
  readonly amount?: number;
}

interface Run {
  readonly outcomes: readonly GroupOutcome[];
  readonly asked: ReadonlyArray<SegmentWindow & { readonly hasPolicy: boolean }>;
  readonly told: readonly unknown[];
}

/** Judges one hour after the other, each from what the one before left, as JSON. */
async function run(
  hours: readonly Shown[],
  change: Partial<ExplainPorts> = {},
  appliesFrom = 0,
): Promise<Run> {
  const asked: Array<SegmentWindow & { hasPolicy: boolean }> = [];
  const told: unknown[] = [];
  const directory = await directoryOf([baseline], [{ ...activationOf(baseline), appliesFrom }]);
  const reference = new Map([...baseline.features].map(([name, feature]) => [name, feature.reference]));
  const ports: ExplainPorts = {
    directory,
    policies: () => ({ ...POLICY, segments: ['country'] }),
    mergedProfiles: async () => new Map([['7', reference]]),
    segmentLosses: async (window, policy) => {
      asked.push({ ...window, hasPolicy: policy !== undefined });
      return LOSSES;
    },
    limit: 10_000,
    onOutcome: (failure) => void told.push(failure),
    ...change,
  };
  let shown: Shown = {};
  const judge: Judge = async (group, instant, { states }) => {
    const window = { from: instant - HOUR, to: instant };
    const about = (metric: string, value: number | undefined, rest: Partial<Subject>): Subject[] =>
      value === undefined ? [] : [{ ...measurements({ [metric]: value }), each: 'model', window, ...rest }];
    const subjects = [
      ...about('accuracy', shown.accuracy, { each: 'performance' }),
      ...about('psi', shown.score, { each: 'prediction', feature: '__score__' }),
      ...about('psi', shown.answer, { each: 'prediction', feature: '__prediction__' }),
      ...about('psi', shown.amount, { each: 'feature', feature: 'amount' }),
    ];
    const undecided = { inputs: new Set<string>(), performance: new Set<string>() };
    return { ...evaluateGroup({ group, instant, window, subjects, undecided, states }), rows: [] };
  };
  const explaining = explainingFirings(judge, ports);
  const outcomes: GroupOutcome[] = [];
  let states: GroupStates = {};
  for (const [i, given] of hours.entries()) {
    shown = given;
    const memory = { states, history: undefined, watch: undefined as never };
    const { signal } = new AbortController();
    if (GROUP === undefined) throw new Error('no group');
    const outcome = await explaining(GROUP, MORNING + (i + 1) * HOUR, memory, signal);
    states = JSON.parse(JSON.stringify(outcome.states)) as GroupStates;
    outcomes.push(outcome);
  }
  return { outcomes, asked, told };
}

const WRONG = { accuracy: 0.7 };
const RIGHT = { accuracy: 0.95 };

describe('an alert about performance', () => {
  it('is explained once, when it begins to fire, and says so while it fires and when it resolves', async () => {
    const { outcomes, asked, told } = await run([WRONG, WRONG, WRONG, RIGHT, RIGHT]);
    const [pending, firing, still, , resolved] = outcomes;
    expect(pending?.transitions[0]).toMatchObject({ to: 'pending', alert: { status: 'pending' } });
    expect(pending?.transitions[0]?.alert.explanation).toBeUndefined();
    const explanation = firing?.transitions[0]?.alert.explanation;
    expect(explanation?.segments?.worsened[0]).toMatchObject({
      segment: 'country=BR',
      now: 0.85,
      before: 0.1,
    });
    expect(explanation?.lines[0]).toContain('country=BR');
    expect(firing?.active[0]?.explanation).toEqual(explanation);
    expect(still?.active[0]?.explanation).toEqual(explanation);
    expect(resolved?.transitions[0]).toMatchObject({ to: 'resolved', alert: { explanation } });
    expect(told).toEqual([undefined]);
    // The whole incident so far, and the day before it.
    expect(asked).toEqual([
      {
        model: 'fraud',
        version: '7',
        from: MORNING - 24 * HOUR,
        since: MORNING,
        to: MORNING + 2 * HOUR,
        features: ['country'],
        hasPolicy: true,
      },
    ]);
  });

  it('is compared with nothing from before its baseline', async () => {
    const since = MORNING - 2 * HOUR;
    const { asked, outcomes } = await run([WRONG, WRONG], {}, since);
    expect(asked[0]?.from).toBe(since);
    expect(outcomes[1]?.active[0]?.explanation?.reference).toEqual({ from: since, to: MORNING });
    const nothing = await run([WRONG, WRONG], {}, MORNING);
    expect(nothing.outcomes[1]?.active[0]?.explanation?.reference).toBeUndefined();
  });

  it('is explained by features alone where the model has no segments, or keeps no predictions', async () => {
    for (const policy of [POLICY, { ...POLICY, labels: undefined, segments: ['country'] }]) {
      const { asked, outcomes } = await run([WRONG, WRONG], { policies: () => policy });
      expect(asked).toEqual([]);
      expect(outcomes[1]?.active[0]?.explanation).toMatchObject({ features: [] });
      expect(outcomes[1]?.active[0]?.explanation?.segments).toBeUndefined();
    }
  });

  it('fires without an explanation where that fails or takes too long', async () => {
    const failing = await run([WRONG, WRONG], {
      segmentLosses: async () => {
        throw new Error('Timeout exceeded');
      },
    });
    expect(failing.outcomes[1]?.active).toMatchObject([{ labels: { alertname: 'AccuracyDrop' } }]);
    expect(failing.outcomes[1]?.active[0]?.explanation).toBeUndefined();
    expect(failing.told).toMatchObject([{ message: 'Timeout exceeded' }]);
    const slow = await run([WRONG, WRONG], { limit: 20, mergedProfiles: () => new Promise(() => undefined) });
    expect(slow.outcomes[1]?.transitions).toMatchObject([{ to: 'firing' }]);
    expect(slow.outcomes[1]?.active[0]?.explanation).toBeUndefined();
    expect(slow.told).toMatchObject([{ message: expect.stringContaining('still not done') }]);
  });
});

describe('other alerts', () => {
  it('are explained by scores where they are about predictions, and not at all where they are about a feature', async () => {
    const { asked, outcomes } = await run([{ score: 0.4, amount: 0.4 }]);
    expect(asked).toMatchObject([{ since: MORNING, to: MORNING + HOUR, hasPolicy: false }]);
    const [prediction, feature] = outcomes[0]?.active ?? [];
    expect(prediction).toMatchObject({
      labels: { alertname: 'PredictionDrift' },
      explanation: { segments: { explained: 'score', weakest: [] } },
    });
    expect(feature?.labels['alertname']).toBe('FeatureDrift');
    expect(feature?.explanation).toBeUndefined();
  });

  it('share an explanation where they are about the same', async () => {
    const { asked, outcomes } = await run([WRONG, { ...WRONG, score: 0.4, answer: 0.4 }]);
    expect(asked.map(({ hasPolicy }) => hasPolicy)).toEqual([true, false]);
    expect(outcomes[1]?.active).toHaveLength(3);
    expect(outcomes[1]?.active.every(({ explanation }) => explanation !== undefined)).toBe(true);
  });
});
