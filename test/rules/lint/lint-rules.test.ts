import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type KnownModels, lintRules } from '../../../src/rules/lint/lint-rules.ts';
import { loadRules } from '../../../src/rules/load-rules.ts';

const FIXTURES = join(import.meta.dirname, '../../fixtures/rule-warnings');
const MODELS = { names: ['fraud', 'churn'], others: false, segmented: ['churn'] };

function warningsIn(file: string, models = MODELS): string[] {
  const text = readFileSync(join(FIXTURES, file), 'utf8');
  expect(loadRules([{ file, text }], {}).faults).toEqual([]);
  return lintRules([{ file, text }], models).map(
    ({ line, column, message }) => `${line}:${column} ${message}`,
  );
}

function lint(...texts: string[]): string[] {
  const files = texts.map((text, i) => ({ file: `${i}.yaml`, text }));
  return lintRules(files, undefined).map(({ file, line, message }) => `${file}:${line} ${message}`);
}

/** Every fixture is a file that loads, with one thing in it that is hardly meant and that it is named after. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  'condition-that-always-holds': ['8:16 the condition holds in every window that has data'],
  'condition-that-never-holds': [
    '10:11 the condition can never hold: q_value is always at least 0 and at most 1',
  ],
  'contradictory-ranges': ['8:28 the condition can never hold: psi is there above 0.3'],
  'model-that-is-not-configured': ['3:13 no model of the configuration fits frad; did you mean "fraud"?'],
  'numeric-and-categorical-at-once': [
    '8:39 the condition can never hold: only categorical features have unseen_share, and what stands before it is about others',
  ],
  'same-alert-in-two-groups': [
    '13:16 the same alert as at same-alert-in-two-groups.yaml:6, for the same models; give it another name or a label of its own',
  ],
  'side-that-never-holds': [
    '8:28 this side of || can never hold: missing_share is always at least 0 and at most 1',
  ],
};

describe('lintRules', () => {
  it('has an expectation for every fixture', () => {
    const names = readdirSync(FIXTURES).map((file) => basename(file, '.yaml'));
    expect(names.sort()).toEqual(Object.keys(EXPECTED).sort());
  });

  it.each(Object.entries(EXPECTED))('names the place and the reason: %s', (name, expected) => {
    expect(warningsIn(`${name}.yaml`)).toEqual(expected);
  });

  it('has nothing against the rules that ship', () => {
    const file = join(import.meta.dirname, '../../../rules/default.yaml');
    expect(lintRules([{ file, text: readFileSync(file, 'utf8') }], MODELS)).toEqual([]);
  });

  it('says that other models may come, where they are taken', () => {
    const [warning] = warningsIn('model-that-is-not-configured.yaml', { ...MODELS, others: true });
    expect(warning).toBe(
      '3:13 no model of the configuration, which lists not all that may come, fits frad; did you mean "fraud"?',
    );
    expect(warningsIn('model-that-is-not-configured.yaml', { ...MODELS, names: [], others: true })).toEqual(
      [],
    );
  });

  const group = (name: string, head: string, rule = '') =>
    `groups: [{ name: ${name}, ${head} schedule: 0 * * * *, window: 1h, rules: [{ alert: A, when: predictions == 0 ${rule}}] }]`;

  it('takes alerts for the same only where they can be of one model and have the same labels', () => {
    const first = group('a', 'models: [fraud],');
    expect(lint(first, group('b', ''))).toEqual([
      expect.stringMatching(/^1\.yaml:1 the same alert as at 0\.yaml:1/),
    ]);
    expect(lint(first, group('b', 'models: [churn],'))).toEqual([]);
    expect(lint(first, group('b', 'models: ["*", "!fraud"],'))).toEqual([]);
    expect(lint(first, group('b', '', ', severity: critical'))).toEqual([]);
    expect(lint(first, group('b', '', ', labels: { window: 1d }'))).toEqual([]);
  });

  it('finds rules about segments of models that have none', () => {
    const warnings = (text: string, models: KnownModels | undefined = MODELS): string[] =>
      lintRules([{ file: 'a.yaml', text }], models).map(({ line, message }) => `${line} ${message}`);
    const none = '1 fraud has no segments; declare features for them in models.fraud.segments';
    expect(warnings(group('a', 'models: [fraud],', ', each: segment'))).toEqual([none]);
    expect(warnings(group('a', 'models: [fraud], segments: ["country=*"],'))).toEqual([none]);
    expect(
      warnings(group('a', 'models: ["*"], segments: ["country=*"],'), { ...MODELS, segmented: [] }),
    ).toEqual([
      '1 the models of this group have no segments; declare features for them in models.fraud.segments',
    ]);
    // One that has some is enough; and of models that nobody configured nothing is known.
    expect(warnings(group('a', 'models: ["*"],', ', each: segment'))).toEqual([]);
    expect(lint(group('a', 'models: [fraud],', ', each: segment'))).toEqual([]);
  });

  it('leaves out files that do not load', () => {
    expect(lint('groups: [', group('b', '', ', when: psi < 0'))).toEqual([]);
  });
});
