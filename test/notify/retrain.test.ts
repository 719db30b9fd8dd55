import { describe, expect, it } from 'vitest';
import { type RetrainDecision, type RetrainInput, retrainRequestsFor } from '../../src/notify/retrain.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, DAY, fires, HOUR, INSTANT, optionsOf, resolves, WINDOW } from './examples.ts';

const webhook = { url: 'http://trainer', secret: 's' };

function decide(change: Partial<RetrainInput>, target: object = {}): RetrainDecision {
  return retrainRequestsFor({
    transitions: [fires(asking())],
    targets: optionsOf({ retraining: [{ name: 'pipeline', webhook, ...target }] }).retraining,
    recent: [],
    instant: INSTANT,
    window: WINDOW,
    baselineId: (model, version) => `baseline of ${model} ${version}`,
    link: ({ model, version }) => `https://driftd.example/${model}/${version}`,
    ...change,
  });
}

function asking(labels: Record<string, string> = {}, retrain = 'pipeline'): Alert {
  return alertOf({ labels: { alertname: 'AccuracyDrop', ...labels }, retrain });
}

function earlier(at: number, change: object = {}): RetrainInput['recent'][number] {
  return { id: `at ${at}`, target: 'pipeline', model: 'fraud', at, ...change };
}

describe('retrainRequestsFor', () => {
  it('asks once per model and version, however many alerts want it', () => {
    const alerts = [asking(), asking({ alertname: 'F1Drop' }), asking({ feature: 'x' })];
    const { requests, suppressed } = decide({ transitions: alerts.map(fires) });
    expect(suppressed).toEqual([]);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      kind: 'retrain',
      target: 'pipeline',
      model: 'fraud',
      version: '7',
      baselineId: 'baseline of fraud 7',
      trainingPeriod: { from: WINDOW.to - 28 * DAY, to: WINDOW.to },
      link: 'https://driftd.example/fraud/7',
    });
    expect(requests[0]?.alerts).toHaveLength(3);
  });

  it('does not react to alerts that end, or that ask for nothing', () => {
    const { requests } = decide({ transitions: [resolves(asking()), fires(alertOf())] });
    expect(requests).toEqual([]);
  });

  it.each([
    ['within the cooldown before', INSTANT - DAY + 1, 'cooldown'],
    ['within the cooldown after', INSTANT + HOUR, 'cooldown'],
  ] as const)('is held back by a request %s', (_, at, reason) => {
    const decision = decide({ recent: [earlier(at)] });
    expect(decision.requests).toEqual([]);
    expect(decision.suppressed).toEqual([{ target: 'pipeline', model: 'fraud', version: '7', reason }]);
  });

  it('asks again when the cooldown is over', () => {
    expect(decide({ recent: [earlier(INSTANT - DAY)] }).requests).toHaveLength(1);
  });

  it('keeps the daily limit, counted in UTC days', () => {
    const target = { cooldown: '1m', max_per_day: 2 };
    const today = [earlier(INSTANT - 2 * HOUR), earlier(INSTANT - 3 * HOUR)];
    expect(decide({ recent: today }, target).suppressed[0]?.reason).toBe('daily_limit');
    const yesterday = [earlier(INSTANT - 2 * HOUR), earlier(INSTANT - 10 * HOUR)];
    expect(decide({ recent: yesterday }, target).requests).toHaveLength(1);
  });

  it('counts neither other models nor other targets', () => {
    const recent = [earlier(INSTANT - 1, { model: 'churn' }), earlier(INSTANT - 1, { target: 'other' })];
    expect(decide({ recent }).requests).toHaveLength(1);
  });

  it('lets the cooldown hold between two versions that fire at once', () => {
    const { requests, suppressed } = decide({
      transitions: [fires(asking({ version: '8' })), fires(asking())],
    });
    expect(requests.map(({ version }) => version)).toEqual(['7']);
    expect(suppressed).toEqual([{ target: 'pipeline', model: 'fraud', version: '8', reason: 'cooldown' }]);
  });

  it('decides the same when the same instant is decided again', () => {
    const first = decide({});
    const made = first.requests.map(({ id, target, model, at }) => ({ id, target, model, at }));
    expect(decide({ recent: made })).toEqual(first);
  });

  it('says so when the target is unknown', () => {
    const { suppressed } = decide({ transitions: [fires(asking({}, 'nowhere'))] });
    expect(suppressed[0]?.reason).toBe('unknown_target');
  });
});
