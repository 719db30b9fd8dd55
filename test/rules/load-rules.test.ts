import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadRules } from '../../src/rules/load-rules.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/rules');
const KNOWN = { retrainTargets: ['fraud-pipeline'] };

function faultsIn(file: string): string[] {
  const text = readFileSync(join(FIXTURES, file), 'utf8');
  const { groups, faults } = loadRules([{ file, text }], KNOWN);
  expect(groups).toEqual([]);
  expect(faults.every((fault) => fault.file === file)).toBe(true);
  return faults.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

function load(...lines: string[]): ReturnType<typeof loadRules> {
  return loadRules([{ file: 'rules.yaml', text: lines.join('\n') }], KNOWN);
}

const CRON_FORM =
  'five cron fields in UTC (minute hour day-of-month month day-of-week), such as "*/15 * * * *"';

const DURATION_FORM = 'a duration such as 30s, 5m, 1h30m or 7d';

const PERSISTENCE_FORM =
  'K/N such as 2/3 (2 of the last 3 windows), K such as 2 (2 in a row), 1 <= K <= N <= 1000, or a duration such as 30s, 5m, 1h30m or 7d';

/** Every fixture is a file with one fault, which it is named after; and what is said about it. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'bad-against': [
    '5:14 groups.0.against: "last_week" is nothing to compare with; expected baseline, previous, same_window_last_week, rolling(28d) or version(6)',
  ],
  'bad-clear': [`8:16 groups.0.rules.0.clear: "3 clean" cannot be read; expected ${PERSISTENCE_FORM}`],
  'bad-duration': [`4:13 groups.0.window: "1 hour" is not a duration; expected ${DURATION_FORM}`],
  'bad-keep-firing-for': [
    `8:26 groups.0.rules.0.keep_firing_for: "an hour" is not a duration; expected ${DURATION_FORM}`,
  ],
  'bad-label-name': ['9:11 "__proto__" cannot be a key'],
  'bad-schedule': [`3:16 groups.0.schedule: "25" is not valid for the hour; expected ${CRON_FORM}`],
  'baseline-of-a-difference': [
    '8:21 "baseline.psi" does not exist: psi is itself a comparison with the baseline',
  ],
  'baseline-of-a-share-over-features': [
    '7:31 "baseline.drifted_share" does not exist: drifted_share is itself a comparison with the baseline',
  ],
  'condition-does-not-parse': ["8:25 syntax error: Unexpected character: 'd'; CEL writes &&"],
  'condition-is-a-number': [
    '8:15 a condition must be true or false, but this is of type double; compare it, as in psi > 0.1',
  ],
  'division-of-whole-numbers': [
    '8:31 CEL divides whole numbers without a remainder (1/100 is 0); write 1.0/100 or 0.01',
  ],
  'duplicate-alert': ['8:16 the alert "NoPredictions" is already defined at duplicate-alert.yaml:6'],
  'duplicate-group': ['8:11 the group "liveness" is already defined at duplicate-group.yaml:2'],
  'empty-condition': ['7:16 the condition is empty'],
  'feature-metric-in-model-rule': [
    '7:15 "psi" describes one feature; it belongs in a rule with "each: feature" or "each: prediction"',
  ],
  'feature-metric-of-another-window-in-model-rule': [
    '7:38 "psi" describes one feature; it belongs in a rule with "each: feature" or "each: prediction"',
  ],
  'features-in-a-model-rule': ['7:9 "features" needs "each: feature"; this rule has "each: model"'],
  'group-of-driftd-itself': ['2:11 "driftd" is the group of driftd\'s own alerts'],
  'half-open-template': ['10:31 "{{" without its other half; write {{name}}'],
  'label-that-driftd-sets': ['10:11 driftd sets the label "model" itself'],
  'missing-condition': ['6:9 missing key "when"'],
  'model-metric-in-feature-rule': [
    '8:26 "f1" describes the model as a whole; it belongs in a rule with "each: model"',
  ],
  'more-windows-needed-than-looked-at': [
    `8:14 groups.0.rules.0.for: "3/2" cannot be read; expected ${PERSISTENCE_FORM}`,
  ],
  'negative-min-samples': ['8:22 groups.0.rules.0.min_samples: must be 0 or more'],
  'no-rules': ['5:12 groups.0.rules: Too small: expected array to have >=1 items'],
  'not-yaml': ['3:1 Flow sequence in block collection must be sufficiently indented and end with a ]'],
  'pattern-in-a-condition': ['8:28 matches() cannot be used in a condition'],
  'change-detector-of-a-segment': [
    '9:15 "adwin.detected" is known of the whole population only, and not of its segments',
  ],
  'label-free-metric-in-a-rule-about-labels-of-segments': [
    '10:26 "estimated_accuracy" is not known of segments in a rule that needs labels; name it in a rule of its own',
  ],
  'natural-variability-of-a-segment': [
    `9:30 "natural.psi_adjusted" says how far the baseline's own hours lie apart, which is known of the whole population only, and not of its segments`,
  ],
  'schedule-with-seconds': [
    `3:16 groups.0.schedule: expected ${CRON_FORM}, but found "0 0 * * * *", which has 6`,
  ],
  'several-faults': [
    `4:13 groups.0.window: "1 hour" is not a duration; expected ${DURATION_FORM}`,
    '8:15 unknown metric "psy"; did you mean "psi"?',
    '11:9 unknown key "sevrity"; did you mean "severity"?',
  ],
  'text-compared-with-a-number': ['7:35 type error: no such overload: string > int'],
  'text-of-another-window': ['7:26 "previous.version" does not exist: version is the same in every window'],
  'two-summaries': ['8:9 "summary" is there twice: here and in annotations'],
  'type-error': ['8:26 type error: no such overload: double > string'],
  'unknown-each': [
    '7:15 "features" is not one of feature, prediction, model, segment; did you mean "feature"?',
  ],
  'unknown-group-key': ['4:5 unknown key "windows"; did you mean "window"?'],
  'unknown-key': ['8:9 unknown key "wen"; did you mean "when"?'],
  'unknown-metric-in-folded-condition': ['10:12 unknown metric "q_valu"; did you mean "q_value"?'],
  'unknown-metric-of-another-window': ['8:25 unknown metric "psy"; did you mean "psi"?'],
  'unknown-metric': ['8:27 unknown metric "psi_adjustd"; did you mean "psi_adjusted"?'],
  'unknown-retrain-target': [
    '8:18 unknown retraining target "fraud-pipelin"; did you mean "fraud-pipeline"?',
  ],
  'unknown-template-variable': ['9:47 unknown variable "psy"; did you mean "psi"?'],
  'unknown-window-in-template': [`9:40 "w24" is no window; write w and ${DURATION_FORM}, as in w24h.psi`],
  'window-that-is-no-duration': [`8:28 "w24x" is no window; write w and ${DURATION_FORM}, as in w24h.psi`],
  'window-without-a-metric': ['8:28 "w24h" needs the name of a metric, such as w24h.psi_adjusted'],
};

describe('loadRules, on a broken file', () => {
  it('has an expectation for every fixture', () => {
    expect(
      readdirSync(FIXTURES)
        .map((file) => basename(file, '.yaml'))
        .sort(),
    ).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))('names the place and the remedy: %s', (name, expected) => {
    expect(faultsIn(`${name}.yaml`)).toEqual(expected);
  });

  it('says so when the configuration has no retraining target at all', () => {
    const text = readFileSync(join(FIXTURES, 'unknown-retrain-target.yaml'), 'utf8');
    const { faults } = loadRules([{ file: 'a.yaml', text }], { retrainTargets: [] });
    expect(faults[0]?.message).toBe(
      'unknown retraining target "fraud-pipelin"; the configuration defines none',
    );
  });

  it('takes any retraining target when nothing is known of the configuration', () => {
    const text = readFileSync(join(FIXTURES, 'unknown-retrain-target.yaml'), 'utf8');
    expect(loadRules([{ file: 'a.yaml', text }], {}).faults).toEqual([]);
  });

  it('refuses the same group name in two files', () => {
    const text = [
      'groups:',
      '  - {name: a, schedule: 0 * * * *, window: 1h, rules: [{alert: A, when: predictions == 0}]}',
    ].join('\n');
    const { groups, faults } = loadRules(
      [
        { file: 'a.yaml', text },
        { file: 'b.yaml', text },
      ],
      KNOWN,
    );
    expect(faults).toEqual([
      { file: 'b.yaml', line: 2, column: 12, message: 'the group "a" is already defined at a.yaml:2' },
    ]);
    expect(groups.map(({ file }) => file)).toEqual(['a.yaml']);
  });

  it('never throws, whatever the text', () => {
    const words = [
      'groups:',
      'name: a',
      'rules:',
      'alert: A',
      'when: psi > 0.1',
      'when:',
      'each: feature',
      'window: 1h',
      'schedule: "* * * * *"',
      'for: 2/3',
      'labels: {a: b}',
      'summary: "{{x}}"',
      '- ',
      '  ',
      '    ',
      '      ',
      '\n',
      '*x',
      '&x ',
      '[',
      '{',
      '3',
      'null',
    ];
    const text = fc
      .array(fc.oneof(fc.constantFrom(...words), fc.string()), { maxLength: 30 })
      .map((all) => all.join(''));
    fc.assert(fc.property(text, (source) => void loadRules([{ file: 'a.yaml', text: source }], KNOWN)));
  });

  it('never throws on a value of a wrong type, wherever it stands', () => {
    const rule = {
      alert: 'A',
      when: 'predictions == 0',
      for: '2/3',
      labels: { a: 'b' },
      annotations: { c: 'd' },
    };
    const group = {
      name: 'g',
      schedule: '* * * * *',
      window: '1h',
      against: 'baseline',
      models: ['*'],
      rules: [rule],
    };
    const anyKey = fc.constantFrom(
      ...Object.keys(rule),
      ...Object.keys(group),
      'each',
      'features',
      'clear',
      'retrain',
      'summary',
      'groups',
    );
    fc.assert(
      fc.property(anyKey, fc.jsonValue(), (key, value) => {
        const file = {
          groups: [
            { ...group, rules: [{ ...rule, [key]: value }], ...(key in group ? { [key]: value } : {}) },
          ],
        };
        const text = JSON.stringify(key === 'groups' ? { groups: value } : file);
        loadRules([{ file: 'a.yaml', text }], KNOWN);
      }),
    );
  });
});

describe('loadRules, on a valid file', () => {
  it('fills in the defaults', () => {
    const { groups, faults } = load(
      'groups:',
      '  - name: liveness',
      '    schedule: "*/15 * * * *"',
      '    window: 1h30m',
      '    rules:',
      '      - alert: NoPredictions',
      '        when: predictions == 0',
    );
    expect(faults).toEqual([]);
    const [group] = groups;
    expect(group).toMatchObject({
      name: 'liveness',
      file: 'rules.yaml',
      schedule: '*/15 * * * *',
      window: 5_400_000,
      against: { kind: 'baseline' },
    });
    expect(group?.wantsModel('any')).toBe(true);
    expect(group?.wantsVersion('any')).toBe(true);
    const [rule] = group?.rules ?? [];
    expect(rule).toMatchObject({
      alert: 'NoPredictions',
      each: 'model',
      policy: {
        hold: { kind: 'windows', needed: 1, of: 1 },
        clear: { kind: 'windows', needed: 1, of: 1 },
        keepFiring: 0,
        noData: 'keep',
      },
      minSamples: 0,
      labels: { severity: 'warning' },
    });
    expect(rule).not.toHaveProperty('retrain');
    expect(Object.keys(rule?.annotations ?? {})).toEqual(['summary']);
  });

  it('reads everything that can be said', () => {
    const { groups, faults } = load(
      'groups:',
      '  - name: fraud-inputs',
      '    models: [fraud, "card-*"]',
      '    versions: ["*", "!0"]',
      '    schedule: "*/15 * * * *"',
      '    window: 1h',
      '    against: rolling(28d)',
      '    rules:',
      '      - alert: FeatureDrift',
      '        each: feature',
      '        features: ["*", "!request_id"]',
      '        when: psi_adjusted > 0.1 && q_value < 0.01 && w24h.psi_adjusted > 0.05 && psi > previous.psi',
      '        for: 2/3',
      '        clear: 2h',
      '        keep_firing_for: 1h',
      '        min_samples: 500',
      '        no_data: ok',
      '        severity: critical',
      '        labels: {team: risk}',
      '        annotations: {dashboard: "https://grafana/{{model}}?team={{team}}"}',
      '        summary: "{{feature}} drifted (psi {{psi}}, mean was {{baseline.mean}}) in {{window}}"',
      '        runbook_url: https://example.com/{{alertname}}',
      '        retrain: fraud-pipeline',
    );
    expect(faults).toEqual([]);
    const [group] = groups;
    expect(group?.against).toEqual({ kind: 'rolling', span: 28 * 86_400_000 });
    expect(['fraud', 'card-eu', 'churn'].map((model) => group?.wantsModel(model))).toEqual([
      true,
      true,
      false,
    ]);
    expect(['7', '0'].map((version) => group?.wantsVersion(version))).toEqual([true, false]);
    const [rule] = group?.rules ?? [];
    expect(rule).toMatchObject({
      policy: {
        hold: { kind: 'windows', needed: 2, of: 3 },
        clear: { kind: 'duration', length: 7_200_000 },
        keepFiring: 3_600_000,
        noData: 'ok',
      },
      minSamples: 500,
      labels: { team: 'risk', severity: 'critical' },
      retrain: 'fraud-pipeline',
    });
    expect(['amount', 'request_id'].map((feature) => rule?.wantsFeature(feature))).toEqual([true, false]);
    expect(Object.keys(rule?.annotations ?? {}).sort()).toEqual(['dashboard', 'runbook_url', 'summary']);
  });

  it('reads no rules from no files', () => {
    expect(loadRules([], KNOWN)).toEqual({ groups: [], faults: [] });
  });
});
