import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateGroup, type GroupOutcome, MOST_ALERTS } from '../../src/rules/evaluate-group.ts';
import { fingerprint } from '../../src/rules/fingerprint.ts';
import { loadRules } from '../../src/rules/load-rules.ts';
import type { GroupStates } from '../../src/rules/remembered-alerts.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Subject } from '../../src/rules/subject.ts';
import { measurements } from './measurements.ts';

const HOUR = 3_600_000;
const START = Date.parse('2026-11-22T00:00:00Z');

function groupOf(rules: string, head = ''): RuleGroup {
  const text = `groups:\n  - name: inputs\n    schedule: "0 * * * *"\n    window: 1h\n${head}    rules:\n${rules}`;
  const { groups, faults } = loadRules([{ file: 'rules.yaml', text }], {
    retrainTargets: ['fraud-pipeline'],
  });
  const [group] = groups;
  if (group === undefined) throw new Error(faults[0]?.message);
  return group;
}

const DRIFT = groupOf(`
      - alert: FeatureDrift
        each: feature
        features: ["*", "!request_id"]
        when: psi > 0.1 && mean > baseline.mean
        for: 2/3
        clear: 2
        labels: {team: risk}
        summary: "{{feature}} of {{model}} {{version}} drifted (psi {{psi}}, mean {{mean}}, was {{baseline.mean}}, n {{n}}) {{window}}"
        retrain: fraud-pipeline
`);

function feature(name: string, psi: number | 'no_data', rest: Partial<Subject> = {}): Given {
  const change = typeof psi === 'number' ? { change: `psi went to ${psi}` } : {};
  return {
    ...measurements({ psi, mean: 12 }, { mean: 10 }, { feature: name }),
    each: 'feature',
    ...change,
    ...rest,
  };
}

function model(predictions: number, rest: Partial<Subject> = {}): Given {
  const { feature: _, ...known } = measurements({ predictions });
  return { ...known, each: 'model', ...rest };
}

const NOTHING = { inputs: new Set<string>(), performance: new Set<string>() };

/** What a test says of a subject; its window is the one under evaluation unless the test says otherwise. */
type Given = Omit<Subject, 'window'> & Partial<Pick<Subject, 'window'>>;

/** Evaluates one window after another; each starts from what the one before returned, as JSON. */
function run(group: RuleGroup, windows: ReadonlyArray<readonly Given[]>): GroupOutcome[] {
  let states: GroupStates = {};
  return windows.map((given, i) => {
    const window = { from: START + i * HOUR, to: START + (i + 1) * HOUR };
    const subjects = given.map((subject) => ({ window, ...subject }));
    const outcome = evaluateGroup({
      group,
      instant: window.to,
      window,
      subjects,
      undecided: NOTHING,
      states,
    });
    states = JSON.parse(JSON.stringify(outcome.states)) as GroupStates;
    return outcome;
  });
}

function changes(outcomes: readonly GroupOutcome[]): string[] {
  return outcomes.flatMap(({ transitions }, i) =>
    transitions.map(
      ({ alert, from, to, reason }) =>
        `${i} ${alert.labels['feature'] ?? alert.labels['model']} ${from} ${to} ${reason}`,
    ),
  );
}

const UNSEEN = groupOf(`
      - alert: NewCategory
        each: feature
        when: unseen_share > 0.01
        for: 1
        clear: 2
        no_data: alert
`);

const RECALL = groupOf(`
      - alert: RecallDrop
        when: recall < 0.5
        for: 1
        clear: 1
`);

describe('evaluateGroup', () => {
  it('begins no more alerts than a group may have, and says how many it left out', () => {
    const [{ states }] = run(DRIFT, [[feature('f', 1)]]) as [GroupOutcome];
    const [known] = Object.values(states) as [GroupStates[string]];
    const full: Record<string, GroupStates[string]> = {};
    for (let i = 0; i < MOST_ALERTS - 1; i += 1) {
      const labels = { ...known.alert.labels, feature: `known${i}` };
      const id = fingerprint(labels);
      full[id] = { ...known, alert: { ...known.alert, fingerprint: id, labels } };
    }
    const window = { from: START, to: START + HOUR };
    const subjects = ['new1', 'new2', 'new3', 'known5'].map((name) => ({ window, ...feature(name, 1) }));
    const outcome = evaluateGroup({
      group: DRIFT,
      instant: window.to,
      window,
      subjects,
      undecided: NOTHING,
      states: full,
    });
    expect(outcome.dropped).toBe(2);
    expect(changes([outcome])).toEqual([
      '0 new1 inactive pending condition_met',
      expect.stringContaining('known5'),
    ]);
    expect(Object.keys(outcome.states).length).toBeLessThanOrEqual(MOST_ALERTS);
  });

  it('takes a metric without a meaning for a feature for one that does not hold', () => {
    const seen = (unseen: number | 'undefined'): Given => ({
      ...measurements({ unseen_share: unseen }, {}, { feature: 'country' }),
      each: 'feature',
    });
    const outcomes = run(
      UNSEEN,
      [0.5, 'undefined' as const, 'undefined' as const, 'undefined' as const].map((share) => [seen(share)]),
    );
    expect(changes(outcomes)).toEqual([
      '0 country inactive firing condition_met',
      '2 country firing resolved clean',
    ]);
  });

  it('does not take a window without a positive label for a recovery of the recall', () => {
    const recall = (value: number | 'undefined'): Given => {
      const { feature: _, ...known } = measurements({ recall: value });
      return { ...known, each: 'performance' };
    };
    const outcomes = run(
      RECALL,
      [0.2, 'undefined' as const, 'undefined' as const, 0.9].map((value) => [recall(value)]),
    );
    expect(changes(outcomes).map((change) => change.slice(0, 20))).toEqual([
      '0 fraud inactive fir',
      '3 fraud firing resol',
    ]);
  });

  it('takes an alert from pending to firing to resolved', () => {
    const outcomes = run(
      DRIFT,
      [0.2, 0.05, 0.3, 0.05, 0.05].map((psi) => [feature('amount', psi)]),
    );
    expect(changes(outcomes)).toEqual([
      '0 amount inactive pending condition_met',
      '2 amount pending firing k_of_n_reached',
      '4 amount firing resolved clean',
    ]);
    expect(outcomes.map(({ active }) => active.length)).toEqual([0, 0, 1, 1, 0]);
    expect(outcomes.map(({ states }) => Object.keys(states).length)).toEqual([1, 1, 1, 1, 0]);
  });

  it('says all that a person needs to judge the alert', () => {
    const outcomes = run(DRIFT, [[feature('amount', 0.2)], [feature('amount', 0.3)]]);
    const [transition] = outcomes[1]?.transitions ?? [];
    expect(transition).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      from: 'pending',
      to: 'firing',
      reason: 'k_of_n_reached',
      at: START + 2 * HOUR,
      alert: {
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
        status: 'firing',
        ruleGroup: 'inputs',
        labels: {
          alertname: 'FeatureDrift',
          model: 'fraud',
          version: '7',
          feature: 'amount',
          severity: 'warning',
          team: 'risk',
        },
        annotations: {
          summary:
            'amount of fraud 7 drifted (psi 0.3, mean 12, was 10, n 1000) 2026-11-22 01:00 to 02:00 UTC',
        },
        values: { psi: 0.3, mean: 12 },
        baselineValues: { mean: 10 },
        change: 'psi went to 0.3',
        window: { from: START + HOUR, to: START + 2 * HOUR },
        since: START,
        firedAt: START + 2 * HOUR,
        retrain: 'fraud-pipeline',
      },
    });
    expect(outcomes[1]?.active).toEqual([transition?.alert]);
  });

  it('says of a firing alert at which instant it began to fire, and of a pending one nothing', () => {
    const outcomes = run(
      DRIFT,
      [0.2, 0.3, 0.3, 0.05, 0.05, 0.2].map((psi) => [feature('amount', psi)]),
    );
    const firedAt = outcomes.map(({ states }) => Object.values(states).map(({ alert }) => alert.firedAt));
    const second = START + 2 * HOUR;
    expect(firedAt).toEqual([[undefined], [second], [second], [second], [], [undefined]]);
    expect(outcomes[4]?.transitions[0]?.alert).toMatchObject({ status: 'resolved', firedAt: second });
  });

  it('refreshes the values of a firing alert, and keeps the annotations of when the condition last held', () => {
    const outcomes = run(
      DRIFT,
      [0.2, 0.3, 0.4, 0.05].map((psi) => [feature('amount', psi)]),
    );
    expect(outcomes[2]?.active[0]).toMatchObject({
      values: { psi: 0.4 },
      annotations: { summary: expect.stringContaining('psi 0.4') },
    });
    expect(outcomes[3]?.active[0]).toMatchObject({
      values: { psi: 0.05 },
      change: 'psi went to 0.05',
      annotations: { summary: expect.stringContaining('psi 0.4') },
      since: START,
    });
  });

  it('keeps the last values of a firing alert in a window without data, and moves its window on', () => {
    const outcomes = run(DRIFT, [
      [feature('amount', 0.2)],
      [feature('amount', 0.3)],
      [feature('amount', 'no_data')],
    ]);
    expect(outcomes[2]?.transitions).toEqual([]);
    expect(outcomes[2]?.active[0]).toMatchObject({
      values: { psi: 0.3, mean: 12 },
      baselineValues: { mean: 10 },
      change: 'psi went to 0.3',
      window: { from: START + 2 * HOUR, to: START + 3 * HOUR },
    });
  });

  it('gives an alert the distributions of its newest window with data, and makes none for what is quiet', () => {
    const picture = (share: number) => ({
      kind: 'numeric' as const,
      labels: ['x'],
      reference: [1],
      current: [share],
    });
    const drawn: string[] = [];
    const window = (psi: number | 'no_data', share: number): Given[] => [
      feature('amount', psi, {
        against: `baseline ${share}`,
        distributions: () => {
          drawn.push('amount');
          return picture(share);
        },
      }),
      feature('age', 0.05, {
        distributions: () => {
          drawn.push('age');
          return picture(1);
        },
      }),
    ];
    const outcomes = run(DRIFT, [window(0.2, 0.1), window(0.3, 0.2), window('no_data', 0.3)]);
    expect(outcomes[1]?.transitions[0]?.alert).toMatchObject({
      against: 'baseline 0.2',
      distributions: picture(0.2),
    });
    expect(outcomes[2]?.active[0]).toMatchObject({ against: 'baseline 0.2', distributions: picture(0.2) });
    expect(new Set(drawn)).toEqual(new Set(['amount']));
  });

  it('counts an absent subject as a clean window', () => {
    const outcomes = run(DRIFT, [[feature('amount', 0.2)], [feature('amount', 0.3)], [], []]);
    expect(changes(outcomes).at(-1)).toBe('3 amount firing resolved subject_gone');
  });

  it('follows every feature, model and version by itself, and only those that the rule wants', () => {
    const subjects = [
      feature('amount', 0.2),
      feature('age', 0.05),
      feature('request_id', 0.9),
      feature('amount', 0.2, { version: '8' }),
      feature('__score__', 0.9, { each: 'prediction' }),
      model(0),
    ];
    const [first] = run(DRIFT, [subjects]);
    expect(first?.transitions.map(({ alert }) => [alert.labels['feature'], alert.labels['version']])).toEqual(
      [
        ['amount', '7'],
        ['amount', '8'],
      ],
    );
  });

  it('looks only at the models and versions of the group', () => {
    const group = groupOf(
      '      - {alert: Quiet, when: predictions == 0}\n',
      '    models: ["*", "!churn"]\n    versions: ["7"]\n',
    );
    const subjects = [
      model(0),
      model(0, { model: 'churn' }),
      model(0, { version: '8' }),
      model(5, { model: 'credit' }),
    ];
    const [first] = run(group, [subjects]);
    expect(changes([first as GroupOutcome])).toEqual(['0 fraud inactive firing condition_met']);
    expect(first?.active[0]?.labels).toEqual({
      alertname: 'Quiet',
      model: 'fraud',
      version: '7',
      severity: 'warning',
    });
    expect(first?.active[0]?.annotations).toEqual({ summary: 'Quiet: fraud 7' });
  });

  it('looks for rules about labels at the window whose labels are due, and for all others at the newest', () => {
    const group = groupOf(
      '      - {alert: Wrong, when: accuracy < 0.9, summary: "{{accuracy}} in {{window}}"}\n      - {alert: Quiet, when: predictions == 0}\n',
    );
    const due = { from: START - 5 * HOUR, to: START - 4 * HOUR };
    const metrics = measurements({ predictions: 0, accuracy: 0.5 }).metrics;
    const subjects = [model(0), model(0, { each: 'performance', window: due, metrics })];
    const [first] = run(group, [subjects]);
    expect(first?.transitions.map(({ alert, at }) => [alert.labels['alertname'], alert.window, at])).toEqual([
      ['Wrong', due, START + HOUR],
      ['Quiet', { from: START, to: START + HOUR }, START + HOUR],
    ]);
    expect(first?.active[0]).toMatchObject({
      since: due.from,
      annotations: { summary: '0.5 in 2026-11-21 19:00 to 20:00 UTC' },
    });
  });

  it('gives the prediction and the score the label feature', () => {
    const group = groupOf('      - {alert: PredictionDrift, each: prediction, when: psi > 0.1}\n');
    const [first] = run(group, [[feature('__score__', 0.9, { each: 'prediction' }), feature('amount', 0.9)]]);
    expect(changes([first as GroupOutcome])).toEqual(['0 __score__ inactive firing condition_met']);
  });

  it('lets a window without data set off an alert, but not a metric that has no meaning', () => {
    const group = groupOf(
      '      - {alert: Any, each: feature, when: psi > 0.1 || ks > 0.1, no_data: alert}\n',
    );
    const subjects = [
      {
        ...feature('amount', 'no_data'),
        ...measurements({ psi: 'no_data', ks: 'no_data' }, {}, { feature: 'amount' }),
      },
      { ...feature('country', 0.05), ...measurements({ psi: 0.05 }, {}, { feature: 'country' }) },
    ];
    expect(changes(run(group, [subjects]))).toEqual(['0 amount inactive firing no_data_alerts']);
    expect(run(group, [subjects])[0]?.active[0]).toMatchObject({ values: {}, baselineValues: {} });
  });

  it('leaves the alerts of a model whose window cannot be told as they are', () => {
    const group = groupOf('      - {alert: Quiet, when: predictions == 0, clear: 1}\n');
    const [{ states }] = run(group, [[model(0)]]) as [GroupOutcome];
    const window = { from: START + HOUR, to: START + 2 * HOUR };
    const undecided = { inputs: new Set(['fraud']), performance: new Set<string>() };
    const about = { group, instant: window.to, window, subjects: [], states };
    expect(evaluateGroup({ ...about, undecided })).toMatchObject({
      transitions: [],
      active: [{ status: 'firing' }],
    });
    expect(changes([evaluateGroup({ ...about, undecided: NOTHING })])).toEqual([
      '0 fraud firing resolved subject_gone',
    ]);
  });

  it('resolves at once what no rule stands behind any more', () => {
    const quiet = groupOf('      - {alert: Quiet, when: predictions == 0, clear: 5}\n');
    const [{ states }] = run(quiet, [[model(0)]]) as [GroupOutcome];
    const window = { from: START + HOUR, to: START + 2 * HOUR };
    const next = (group: RuleGroup): GroupOutcome =>
      evaluateGroup({
        group,
        instant: window.to,
        window,
        subjects: [{ window, ...model(0) }],
        undecided: NOTHING,
        states,
      });
    expect(changes([next(groupOf('      - {alert: Other, when: predictions == 1}\n'))])).toEqual([
      '0 fraud firing resolved rule_gone',
    ]);
    expect(
      changes([next(groupOf('      - {alert: Quiet, when: predictions == 0, severity: info}\n'))]),
    ).toEqual(['0 fraud inactive firing condition_met', '0 fraud firing resolved rule_gone']);
  });

  it('gives the same ids to the same evaluation', () => {
    const windows = [[feature('amount', 0.2)], [feature('amount', 0.3)]];
    expect(run(DRIFT, windows)).toEqual(run(DRIFT, windows));
    const ids = run(DRIFT, windows).flatMap(({ transitions }) => transitions.map(({ id }) => id));
    expect(new Set(ids).size).toBe(2);
  });

  it('never says that something resolved that did not fire, over any windows', () => {
    const psi = fc.constantFrom<number | 'no_data'>(0.05, 0.2, 0.3, 'no_data');
    const subject = fc.tuple(fc.constantFrom('a', 'b'), psi).map(([name, value]) => feature(name, value));
    const window = fc.uniqueArray(subject, { selector: ({ feature: name }) => name, maxLength: 2 });
    fc.assert(
      fc.property(fc.array(window, { maxLength: 15 }), (windows) => {
        const phase = new Map<string, string>();
        for (const { transitions, active, states } of run(DRIFT, windows)) {
          for (const { alert, from, to } of transitions) {
            expect(phase.get(alert.fingerprint) ?? 'inactive').toBe(from);
            phase.set(alert.fingerprint, to === 'resolved' ? 'inactive' : to);
          }
          const on = [...phase].filter(([, at]) => at !== 'inactive').map(([id]) => id);
          expect(Object.keys(states).sort()).toEqual(on.sort());
          const firing = [...phase].filter(([, at]) => at === 'firing').map(([id]) => id);
          expect(active.map(({ fingerprint }) => fingerprint).sort()).toEqual(firing.sort());
          expect(active.every(({ status }) => status === 'firing')).toBe(true);
        }
      }),
    );
  });
});

describe('rules about segments', () => {
  const rule = `
      - alert: FewCalls
        each: segment
        when: predictions < 10
      - alert: FewAtAll
        when: predictions < 10
`;
  const slice = (segment: string, predictions: number): Given =>
    model(predictions, { each: segment === '' ? 'model' : 'segment', ...(segment !== '' && { segment }) });

  it('see each segment, and the others see the whole population', () => {
    const [outcome] = run(groupOf(rule), [[slice('', 3), slice('country=DE', 3), slice('country=FR', 30)]]);
    expect(outcome?.active.map(({ labels }) => labels)).toEqual([
      expect.objectContaining({ alertname: 'FewCalls', segment: 'country=DE' }),
      expect.not.objectContaining({ segment: expect.anything() }),
    ]);
  });

  it('keep the alert of a segment that is silent for a window, until its version serves no more', () => {
    const few = slice('country=DE', 3);
    const many = slice('country=FR', 30);
    const other = { ...slice('', 300), version: '8' };
    const group = groupOf(rule, '    segments: ["country=*"]\n');
    const outcomes = run(group, [[few, many], [many], [], [{ ...many, version: '8' }]]);
    expect(changes(outcomes).filter((line) => !line.startsWith('0'))).toEqual([
      '3 fraud firing resolved subject_gone',
      '3 fraud firing resolved subject_gone',
    ]);
    expect(run(groupOf(rule), [[few], [other]]).map(({ active }) => active.length)).toEqual([1, 0]);
  });

  it('see the segments that their group names alone', () => {
    const group = groupOf(rule, '    segments: ["country=*"]\n');
    const [outcome] = run(group, [[slice('', 3), slice('country=DE', 3), slice('device=tv', 3)]]);
    expect(outcome?.active.map(({ labels }) => `${labels['alertname']} ${labels['segment']}`)).toEqual([
      'FewCalls country=DE',
      'FewAtAll country=DE',
    ]);
  });

  const judged = (segment: string, accuracy: number): Given => {
    const { feature: _, ...known } = measurements({ accuracy });
    return segment === ''
      ? { ...known, each: 'performance' }
      : { ...known, each: 'segment_performance', segment };
  };
  const accuracy = `
      - alert: Slice
        each: segment
        when: accuracy < 0.8
      - alert: Whole
        when: accuracy < 0.8
`;
  const firing = (group: RuleGroup): string[] => {
    const given = [judged('', 0.7), judged('country=DE', 0.7), judged('country=FR', 0.9)];
    const other = judged('device=tv', 0.7);
    const [outcome] = run(group, [[...given, other]]);
    return (outcome?.active ?? []).map(({ labels }) =>
      `${labels['alertname']} ${labels['segment'] ?? ''}`.trim(),
    );
  };

  it('are about the labels of each segment, where their condition is about labels', () => {
    expect(firing(groupOf(accuracy))).toEqual(['Slice country=DE', 'Slice device=tv', 'Whole']);
  });

  it('remember that a segment was silent, and not that it was gone', () => {
    const group = groupOf(`
      - { alert: Slice, each: segment, when: accuracy < 0.8, clear: 3, no_data: ok }
`);
    const signsAfter = (version: string): string | undefined => {
      const labels = { history: undefined, late: [], keepFrom: 0 };
      let outcome: GroupOutcome | undefined;
      const windows = [[judged('country=DE', 0.7)], [{ ...judged('country=FR', 0.9), version }]];
      for (const [i, given] of windows.entries()) {
        const window = { from: START + i * HOUR, to: START + (i + 1) * HOUR };
        outcome = evaluateGroup({
          group,
          instant: window.to,
          window,
          subjects: given.map((subject) => ({ window, ...subject })),
          undecided: NOTHING,
          states: outcome?.states ?? {},
          labels: { ...labels, history: outcome?.history },
        });
      }
      const [slice] = Object.keys(outcome?.states ?? {});
      return outcome?.history?.signs[slice ?? ''];
    };
    expect(signsAfter('7')).toBe('1-');
    expect(signsAfter('8')).toBe('1x');
  });

  it('are all of them about the labels of segments, where their group names some', () => {
    expect(firing(groupOf(accuracy, '    segments: ["country=*"]\n'))).toEqual([
      'Slice country=DE',
      'Whole country=DE',
    ]);
  });
});

describe('a rule that wants samples', () => {
  const group = groupOf(`
      - alert: FeatureDrift
        each: feature
        when: psi > 0.1
        min_samples: 1001
`);

  it('takes a smaller window for one without data', () => {
    const large: Given = { ...feature('amount', 0.3), ...measurements({ psi: { value: 0.3, n: 1001 } }) };
    const outcomes = run(group, [
      [feature('amount', 0.3)],
      [large],
      [feature('amount', 0)],
      [feature('amount', 0)],
    ]);
    expect(changes(outcomes)).toEqual(['1 amount inactive firing condition_met']);
  });
});
