import { describe, expect, it } from 'vitest';
import { type RetrainDecision, type RetrainInput, retrainRequestsFor } from '../../src/notify/retrain.ts';
import type { Alert } from '../../src/rules/alert.ts';
import { alertOf, DAY, fires, HOUR, INSTANT, optionsOf, resolves, WINDOW } from './examples.ts';

const webhook = { url: 'http://trainer', secret: 's' };

function decide(change: Partial<RetrainInput>, target: object = {}): RetrainDecision {
  return retrainRequestsFor({
    transitions: [fires(asking())],
    firing: [],
    targets: optionsOf({ retraining: [{ name: 'pipeline', webhook, ...target }] }).retraining,
    recent: [],
    instant: INSTANT,
    window: WINDOW,
    baselineId: (model, version) => `baseline of ${model} ${version}`,
    labelled: () => 0,
    callbackUrl: (id) => `https://driftd.example/v1/retrains/${id}`,
    link: ({ model, version }) => `https://driftd.example/${model}/${version}`,
    ...change,
  });
}

function asking(labels: Record<string, string> = {}, retrain = 'pipeline'): Alert {
  return alertOf({ labels: { alertname: 'AccuracyDrop', ...labels }, retrain });
}

function earlier(at: number, change: object = {}): RetrainInput['recent'][number] {
  return { id: `at ${at}`, target: 'pipeline', model: 'fraud', version: '7', at, ...change };
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
    const made = first.requests.map(({ id, target, model, version, at }) => ({
      id,
      target,
      model,
      version,
      at,
    }));
    expect(decide({ recent: made })).toEqual(first);
  });

  it('says so when the target is unknown', () => {
    const { suppressed } = decide({ transitions: [fires(asking({}, 'nowhere'))] });
    expect(suppressed[0]?.reason).toBe('unknown_target');
  });

  it.each([
    ['is at work', { busyUntil: INSTANT + 1 }, 'running'],
    ['waits to be sent', { busyUntil: Number.POSITIVE_INFINITY }, 'running'],
    ['of another target is at work', { busyUntil: INSTANT + 1, target: 'other' }, 'running'],
    ['takes too long', { busyUntil: INSTANT }, undefined],
    ['has ended', { busyUntil: undefined }, undefined],
    ['of another model is at work', { busyUntil: INSTANT + 1, model: 'churn' }, undefined],
  ])('while one request %s', (_, change, reason) => {
    const { suppressed } = decide({ recent: [earlier(INSTANT - 2 * DAY, change)] });
    expect(suppressed[0]?.reason).toBe(reason);
  });

  it('asks one of two targets for one model', () => {
    const targets = optionsOf({
      retraining: [
        { name: 'a', webhook },
        { name: 'b', webhook },
      ],
    }).retraining;
    const transitions = [fires(asking({}, 'b')), fires(asking({ alertname: 'F1Drop' }, 'a'))];
    const { requests, suppressed } = decide({ transitions, targets });
    expect(requests.map(({ target }) => target)).toEqual(['a']);
    expect(suppressed).toMatchObject([{ target: 'b', reason: 'running' }]);
  });

  it('wants labels to train on', () => {
    const target = { min_labelled: 100 };
    expect(decide({ labelled: () => 99 }, target).suppressed[0]?.reason).toBe('not_enough_labels');
    expect(decide({ labelled: (model) => (model === 'fraud' ? 100 : 0) }, target).requests).toHaveLength(1);
  });

  it.each([
    ['while it has not been compared', '8', Number.POSITIVE_INFINITY, 'new_version'],
    ['for windows of before it was compared', '8', WINDOW.to, 'new_version'],
    ['for windows of after it was compared', '8', WINDOW.to - 1, undefined],
    ['for another version', '9', Number.POSITIVE_INFINITY, undefined],
  ])('does not ask anew for the version that came of a request: %s', (_, version, until, reason) => {
    const recent = [earlier(INSTANT - 2 * DAY, { newVersion: { version: '8', until } })];
    const { suppressed } = decide({ transitions: [fires(asking({ version }))], recent });
    expect(suppressed[0]?.reason).toBe(reason);
  });

  describe('for an alert that fires on', () => {
    const alert = { ...asking(), firedAt: INSTANT - 2 * DAY };
    const held = { transitions: [], firing: [alert] };

    it('asks when what held it back is over', () => {
      const busy = [earlier(INSTANT - 3 * DAY, { busyUntil: INSTANT + 1 })];
      // Told when the alert began to fire, and not again with every evaluation.
      expect(decide({ ...held, recent: busy })).toEqual({ requests: [], suppressed: [] });
      const { requests } = decide({ ...held, recent: [earlier(INSTANT - 3 * DAY)] });
      expect(requests).toMatchObject([{ model: 'fraud', version: '7', at: INSTANT, alerts: [alert] }]);
    });

    it('does not ask again when a request was made since it fires, whatever became of it', () => {
      for (const at of [INSTANT - 2 * DAY, INSTANT - 30 * HOUR])
        expect(decide({ ...held, recent: [earlier(at)] }).requests).toEqual([]);
      for (const change of [{ target: 'other' }, { model: 'churn' }, { version: '6' }])
        expect(decide({ ...held, recent: [earlier(INSTANT - 30 * HOUR, change)] }).requests).toHaveLength(1);
    });

    it('decides the same when the same instant is decided again', () => {
      const first = decide(held);
      const [{ id = '' } = {}] = first.requests;
      expect(decide({ ...held, recent: [earlier(INSTANT, { id })] })).toEqual(first);
    });

    it('does not ask when no rule wants it', () => {
      const { requests } = decide({ transitions: [], firing: [{ ...alertOf(), firedAt: INSTANT - DAY }] });
      expect(requests).toEqual([]);
    });
  });

  it('suggests where somebody has to approve, under the same id', () => {
    const [asked] = decide({}).requests;
    const [suggested] = decide({}, { mode: 'suggest' }).requests;
    expect(asked?.suggested).toBeUndefined();
    expect(suggested).toMatchObject({ suggested: true, id: asked?.id });
    expect(decide({ recent: [earlier(INSTANT - 1)] }, { mode: 'suggest' }).suppressed[0]?.reason).toBe(
      'cooldown',
    );
  });

  it('names where to report to those that may', () => {
    expect(decide({}).requests[0]?.callbackUrl).toBeUndefined();
    const [request] = decide({}, { callback_secret: 's' }).requests;
    expect(request?.callbackUrl).toBe(`https://driftd.example/v1/retrains/${request?.id}`);
  });

  it('gives another id to what another rule group asks for at the same instant, which the first one holds back', () => {
    const [first] = decide({}).requests;
    const other = { transitions: [fires({ ...asking(), ruleGroup: 'other' })] };
    expect(decide(other).requests[0]?.id).not.toBe(first?.id);
    expect(decide({ ...other, recent: [earlier(INSTANT, { id: first?.id })] }).suppressed[0]?.reason).toBe(
      'cooldown',
    );
  });
});
