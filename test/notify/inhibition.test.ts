import { describe, expect, it } from 'vitest';
import { inhibitorsOf } from '../../src/notify/inhibition.ts';
import type { Labels } from '../../src/rules/alert.ts';
import { alertOf, optionsOf } from './examples.ts';

const DEFAULT_RULES = optionsOf({}).inhibit_rules;

/** An alert with these labels and no others. */
function firing(labels: Labels) {
  return { ...alertOf(), labels, fingerprint: `${labels['alertname']} ${labels['feature'] ?? ''}` };
}

function rulesOf(...inhibit_rules: object[]) {
  return optionsOf({ inhibit_rules }).inhibit_rules;
}

const model = { model: 'fraud', version: '7', severity: 'warning' };
const drift = { ...model, alertname: 'FeatureDrift', feature: 'country' };
const newCategory = { ...drift, alertname: 'NewCategory' };
const silent = { model: 'fraud', version: '7', alertname: 'NoPredictions', severity: 'critical' };

describe('inhibition by default', () => {
  it.each<[string, Labels, Labels, boolean]>([
    ['a new category explains the drift of its feature', newCategory, drift, true],
    ['missing values explain it', { ...drift, alertname: 'MissingValues' }, drift, true],
    ['but not the drift of another feature', newCategory, { ...drift, feature: 'amount' }, false],
    ['nor that of another version', newCategory, { ...drift, version: '8' }, false],
    ['nor that of another model', newCategory, { ...drift, model: 'churn' }, false],
    ['a drift explains no new category', drift, newCategory, false],
    [
      'an output that is missing explains that answers differ',
      { ...drift, alertname: 'MissingOutput', feature: '__score__' },
      { ...drift, alertname: 'PredictionDrift', feature: '__score__' },
      true,
    ],
    ['silence explains whatever a feature of the model does', silent, drift, true],
    ['and its data quality', silent, newCategory, true],
    ['but not its accuracy', silent, { ...model, alertname: 'AccuracyDrop' }, false],
    ['nor itself', silent, silent, false],
  ])('%s', (_, source, target, expected) => {
    const alert = firing(source);
    expect(inhibitorsOf(DEFAULT_RULES, [alert])(target)).toEqual(expected ? [alert.fingerprint] : []);
  });
});

describe('inhibitorsOf', () => {
  it('names every source, in order, and whatever becomes of it', () => {
    const rules = rulesOf(
      {
        source_matchers: ['alertname="NewCategory"'],
        target_matchers: ['alertname="FeatureDrift"'],
        equal: ['feature'],
      },
      { source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"'] },
    );
    const sources = [firing({ ...drift, alertname: 'Z', severity: 'critical' }), firing(newCategory)];
    expect(inhibitorsOf(rules, sources)(drift)).toEqual(['NewCategory country', 'Z country']);
  });

  it('takes a label that both lack for equal, and one that only one has for different', () => {
    const rules = rulesOf({ source_matchers: ['a="1"'], target_matchers: ['b="1"'], equal: ['segment'] });
    const inhibitors = inhibitorsOf(rules, [{ ...alertOf(), fingerprint: 'source', labels: { a: '1' } }]);
    expect(inhibitors({ b: '1' })).toEqual(['source']);
    expect(inhibitors({ b: '1', segment: '' })).toEqual(['source']);
    expect(inhibitors({ b: '1', segment: 'DE' })).toEqual([]);
  });

  it('lets no two alerts that are both source and target silence one another, but a mere source silence both', () => {
    const rules = rulesOf({ source_matchers: ['a="1"'], target_matchers: ['b="1"'] });
    const both = { ...alertOf(), fingerprint: 'both', labels: { a: '1', b: '1' } };
    const other = { ...both, fingerprint: 'other' };
    expect(inhibitorsOf(rules, [both, other])(both.labels)).toEqual([]);
    expect(inhibitorsOf(rules, [both, other])({ b: '1' })).toEqual(['both', 'other']);
    const mere = { ...alertOf(), fingerprint: 'mere', labels: { a: '1' } };
    expect(inhibitorsOf(rules, [both, mere])(both.labels)).toEqual(['mere']);
  });

  it('holds nothing back without rules', () => {
    expect(inhibitorsOf([], [firing(newCategory)])(drift)).toEqual([]);
  });
});
