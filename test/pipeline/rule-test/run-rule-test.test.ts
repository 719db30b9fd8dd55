import { describe, expect, it } from 'vitest';
import { runRuleTest } from '../../../src/pipeline/rule-test/run-rule-test.ts';
import { loadRules } from '../../../src/rules/load-rules.ts';
import { loadTests } from '../../../src/rules/unit-test/load-tests.ts';

function indent(text: string): string {
  return text.trim().replaceAll(/^/gm, '    ');
}

/** Runs one test, given as its keys, of rules, given as theirs. @returns one line for each thing that is not as expected. */
async function run(rules: string, test: string, group = ''): Promise<string[]> {
  const ruleText = `groups:\n  - name: g\n    schedule: "0 * * * *"\n    window: 1h\n${group}    rules:\n${rules}`;
  const { groups, faults } = loadRules([{ file: 'rules.yaml', text: ruleText }], {});
  expect(faults).toEqual([]);
  const loaded = loadTests('t.yaml', `rules: [rules.yaml]\ntests:\n  - name: t\n${indent(test)}\n`);
  expect(loaded.faults).toEqual([]);
  const [first] = loaded.tests;
  if (first === undefined) throw new Error('no test');
  const mismatches = await runRuleTest(first, groups);
  return mismatches.flatMap(({ expectation, missing, unexpected, different }) => [
    ...missing.map(({ expected, why }) => `${expectation.at / 3_600_000}h -${expected.alert}: ${why}`),
    ...unexpected.map(({ labels }) =>
      `${expectation.at / 3_600_000}h +${labels['alertname']} ${labels['feature'] ?? ''}`.trim(),
    ),
    ...different.flatMap(({ differences }) =>
      differences.map(
        ({ what, expected, found }) => `${expectation.at / 3_600_000}h ${what}: ${expected} / ${found}`,
      ),
    ),
  ]);
}

const DRIFT =
  '      - { alert: Drift, each: feature, when: psi > 0.1, for: 2, clear: 1, summary: "psi {{psi}}" }\n';

describe('a test of rules', () => {
  it('passes when every alert is as expected', async () => {
    const test = `
features: { amount: { metrics: { psi: 0 0.2x1 0 } } }
expect:
  - { at: 2h, alerts: [{ alert: Drift, state: pending }] }
  - { at: 3h, alerts: [{ alert: Drift, labels: { feature: amount }, annotations: { summary: psi 0.2 } }] }
  - { at: 4h, alerts: [] }
`;
    expect(await run(DRIFT, test)).toEqual([]);
  });

  it('says why an alert is not there', async () => {
    const at = (metrics: string, alert = 'Drift') =>
      `features: { amount: { metrics: ${metrics} } }\nexpect: [{ at: 3h, alerts: [{ alert: ${alert}, labels: { feature: amount } }] }]`;
    expect(await run(DRIFT, at('{ psi: 0.05 }'))).toEqual([
      '3h -Drift: in the newest window its condition does not hold: psi 0.05',
    ]);
    expect(await run(DRIFT, at('{ psi: 0.3 _x2 }'))).toEqual(['3h state: firing / pending']);
    expect(await run(DRIFT, at('{ psi: _x3 }'))).toEqual([
      '3h -Drift: in the newest window there is no data: psi: the test says so',
    ]);
    expect(await run(DRIFT, at('{ mean: 1 }'))).toEqual([
      '3h -Drift: in the newest window there is undefined: psi is not defined here',
    ]);
    expect(await run(DRIFT, at('{ psi: 1 }', 'Dritf'))).toEqual([
      '3h -Dritf: no rule is called Dritf; did you mean "Drift"?',
      '3h +Drift amount',
    ]);
    expect(
      await run(DRIFT, 'expect: [{ at: 3h, alerts: [{ alert: Drift, labels: { feature: age } }] }]'),
    ).toEqual(['3h -Drift: the test says nothing about a feature like that']);
    expect(await run(DRIFT, 'expect: [{ at: 30m, alerts: [{ alert: Drift }] }]')).toEqual([
      '0.5h -Drift: its group has not been evaluated by then',
    ]);
  });

  it('names every alert that nobody expects, and looks at one name alone when it is asked to', async () => {
    const both = `${DRIFT}      - { alert: Silence, when: predictions == 0 }\n`;
    const test = (only: string) => `
features: { amount: { metrics: { psi: 1 } } }
metrics: { predictions: 0 }
expect: [{ at: 3h, ${only} alerts: [{ alert: Silence }] }]`;
    expect(await run(both, test(''))).toEqual(['3h +Drift amount']);
    expect(await run(both, test('alert: Silence,'))).toEqual([]);
  });

  it('knows the window before by itself, and other windows when they are given', async () => {
    const rules = `
      - { alert: Jump, each: feature, when: mean > previous.mean + 5 }
      - { alert: Sure, each: feature, when: psi > 0.3 && w24h.psi > 0.1 }
      - { alert: Fewer, when: predictions < previous.predictions / 2.0 }
`;
    const test = `
features:
  amount: { metrics: { mean: 1x2 9x2, psi: 0.4, w24h.psi: 0 0.05 0.1 0.2 } }
metrics: { predictions: 100x4 10 }
expect:
  - { at: 1h, alerts: [] }
  - { at: 4h, alerts: [{ alert: Jump }, { alert: Sure }] }
  - { at: 5h, alerts: [{ alert: Sure }] }
  - { at: 6h, alerts: [{ alert: Fewer }, { alert: Sure }] }
`;
    expect(await run(rules, test)).toEqual([]);
  });

  it('counts the features that drifted, unless it is told how many did', async () => {
    const rules =
      '      - { alert: Many, when: drifted_share > 0.5, summary: "{{drifted_features}} of {{features}}" }\n';
    const feature = (q: string) => `{ metrics: { q_value: ${q}, psi_adjusted: 0.4 } }`;
    const test = `
features: { a: ${feature('1e-9')}, b: ${feature('0.9 1e-9x5')}, c: ${feature('0.9')} }
expect:
  - { at: 1h, alerts: [] }
  - { at: 2h, alerts: [{ alert: Many, annotations: { summary: 2 of 3 } }] }
`;
    expect(await run(rules, test)).toEqual([]);
    const told =
      'metrics: { drifted_share: 0.2 0.9 }\nexpect: [{ at: 1h, alerts: [] }, { at: 2h, alerts: [{ alert: Many }] }]';
    expect(await run(rules, told)).toEqual([]);
  });

  it('measures what is drawn in every window that a rule names', async () => {
    const rules = `
      - { alert: Hour, each: feature, when: total_variation > 0.4 }
      - { alert: Day, each: feature, when: total_variation > 0.4 && w4h.total_variation > 0.3 }
      - { alert: Before, each: feature, when: mean > previous.mean + 1 }
      - { alert: Few, when: predictions < 100 }
`;
    const test = `
features:
  amount:
    baseline: normal(0, 1) x2000
    windows: ["normal(0, 1) x200 for 4h", "normal(3, 1) x200 for 3h", "normal(3, 1) x20"]
expect:
  - { at: 4h, alerts: [] }
  - { at: 5h, alerts: [{ alert: Hour }, { alert: Before }] }
  - { at: 7h, alerts: [{ alert: Hour }, { alert: Day }] }
  - { at: 8h, alerts: [{ alert: Hour }, { alert: Day }, { alert: Few }] }
`;
    expect(await run(rules, test)).toEqual([]);
  });

  it('compares drawn windows with what the group says', async () => {
    const rules = '      - { alert: Moved, each: feature, when: total_variation > 0.4 }\n';
    const test = `
features:
  amount:
    baseline: normal(0, 1) x2000
    windows: ["normal(-1, 1) x300 for 3h", "normal(1, 1) x300 for 2h"]
expect:
  - { at: 3h, alerts: [] }
  - { at: 4h, alerts: [{ alert: Moved }] }
  - { at: 5h, alerts: [] }
`;
    expect(await run(rules, test, '    against: previous\n')).toEqual([]);
  });

  it('is about a segment when it says so', async () => {
    const rules =
      '      - { alert: Quiet, each: segment, when: predictions < 10 }\n      - { alert: All, when: predictions < 10 }\n';
    const test = `
segment: country=DE
metrics: { predictions: 5 }
expect: [{ at: 1h, alerts: [{ alert: Quiet, labels: { segment: country=DE } }] }]`;
    expect(await run(rules, test)).toEqual([]);
    const labelled =
      '      - { alert: Bad, each: segment, when: upper.f1 < baseline.f1 }\n      - { alert: All, when: f1 < baseline.f1 }\n';
    expect(
      await run(
        labelled,
        `
segment: country=DE
metrics: { f1: 0.5, upper.f1: 0.6, baseline.f1: 0.7 }
expect: [{ at: 1h, alerts: [{ alert: Bad, labels: { segment: country=DE } }] }]`,
      ),
    ).toEqual([]);
    expect(
      await run(
        rules,
        test.replace('segment: country=DE\n', '').replace('Quiet, labels: { segment: country=DE }', 'All'),
      ),
    ).toEqual([]);
  });

  it('runs on the schedule of the rules, whatever the interval of its series', async () => {
    const rules = '      - { alert: Low, when: predictions < 10 }\n';
    const test = `
interval: 15m
metrics: { predictions: 100x2 5 100x3 }
expect:
  - { at: 45m, alerts: [] }
  - { at: 1h, alerts: [{ alert: Low }] }
  - { at: 1h45m, alerts: [{ alert: Low }] }
  - { at: 2h, alerts: [] }
`;
    expect(await run(rules, test)).toEqual([]);
  });
});
