import { describe, expect, it } from 'vitest';
import { type SlackPayload, slackPayload } from '../../../src/notify/receivers/slack-payload.ts';
import { alertOf, HOUR, INSTANT, notificationOf, WINDOW } from '../examples.ts';
import { hostileNotification } from '../hostile.ts';

function texts({ blocks }: SlackPayload): string[] {
  return blocks.map(({ text }) => text.text);
}

function expectWithinLimits(payload: SlackPayload): void {
  expect(payload.blocks.length).toBeLessThanOrEqual(50);
  for (const { type, text } of payload.blocks) {
    expect(text.text.length).toBeGreaterThan(0);
    expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3000);
  }
  expect(payload.text.length).toBeLessThanOrEqual(4000);
  // Slack refuses more than about 11 000 characters in all, and documents nothing.
  expect(texts(payload).join('').length).toBeLessThanOrEqual(9_000);
}

describe('slackPayload', () => {
  it('tells the whole story of one firing group', () => {
    const alerts = [
      alertOf({
        labels: { alertname: 'AccuracyDrop', severity: 'critical', feature: '__label__' },
        annotations: { summary: 'Accuracy of fraud fell to 0.71' },
        values: { accuracy: 0.7149, n: 1200 },
        baselineValues: { accuracy: 0.93 },
      }),
      alertOf({
        change: 'median 41.2 -> 88.0',
        since: WINDOW.from - HOUR,
        against: 'baseline 3f0c9d2e1a7b',
        annotations: {
          summary: 'amount of fraud drifted',
          runbook_url: 'https://runbooks.example/drift?a=1&b=2',
        },
        distributions: {
          kind: 'numeric',
          labels: ['up to 50', '50 .. 100', 'above 100'],
          reference: [0.6, 0.3, 0.1],
          current: [0.1, 0.3, 0.6],
        },
      }),
      alertOf({ status: 'resolved', labels: { feature: 'country' }, since: WINDOW.from - 2 * HOUR }),
    ];
    const payload = slackPayload(notificationOf({ alerts }));
    expectWithinLimits(payload);
    expect(texts(payload)).toEqual([
      ':rotating_light: fraud, version 7: 2 alerts firing',
      [
        '2 firing: 1 AccuracyDrop, 1 FeatureDrift',
        '1 resolved just now',
        'Window 2026-11-22 08:00 to 09:00 UTC, rules fraud-inputs',
        'Going on since 2026-11-22 07:00 UTC',
      ].join('\n'),
      [
        '*AccuracyDrop* (critical) `__label__`',
        'Accuracy of fraud fell to 0.71',
        'accuracy 0.7149 (baseline 0.93), n 1200',
        'since 2026-11-22 08:00 UTC',
      ].join('\n'),
      [
        '*FeatureDrift* (warning) `amount`',
        'amount of fraud drifted',
        'median 41.2 -&gt; 88.0',
        'psi 0.31, q_value 1.235e-9',
        'since 2026-11-22 07:00 UTC, against baseline 3f0c9d2e1a7b',
        '```reference █▄▂',
        'now       ▂▄█```',
        '<https://runbooks.example/drift?a=1&amp;b=2|Runbook>',
      ].join('\n'),
      [
        '*FeatureDrift* (resolved) `country`',
        'country of fraud drifted',
        'psi 0.31, q_value 1.235e-9',
        'began 2026-11-22 06:00 UTC, resolved after 3h',
      ].join('\n'),
      '<https://driftd.example/models/fraud?version=7&amp;to=1|Look at the details>',
    ]);
    expect(payload.text).toBe(
      'fraud, version 7: 2 alerts firing\nAccuracy of fraud fell to 0.71\namount of fraud drifted\ncountry of fraud drifted',
    );
  });

  it('says plainly that it is over', () => {
    const alerts = [alertOf({ status: 'resolved' })];
    const [header, introduction] = texts(slackPayload(notificationOf({ status: 'resolved', alerts })));
    expect(header).toBe(':white_check_mark: fraud, version 7: 1 alert resolved');
    expect(introduction).not.toContain('firing');
  });

  it('names the worst ten of 500 and counts the rest', () => {
    const alerts = Array.from({ length: 500 }, (_, index) =>
      alertOf({
        labels: { feature: `f${index}`, alertname: index < 480 ? 'FeatureDrift' : 'MissingValues' },
      }),
    );
    const payload = slackPayload(notificationOf({ alerts }));
    expectWithinLimits(payload);
    const all = texts(payload);
    expect(all.filter((text) => text.startsWith('*FeatureDrift*'))).toHaveLength(10);
    expect(all[1]).toContain('500 firing: 480 FeatureDrift, 20 MissingValues');
    expect(all).toContain('... and 490 more not shown: 470 FeatureDrift, 20 MissingValues');
  });

  it('stays within the limits when every name and text is huge and hostile', () => {
    const payload = slackPayload(hostileNotification());
    expectWithinLimits(payload);
    for (const text of [...texts(payload).slice(0, -1), payload.text]) expect(text).not.toMatch(/[<>]/);
    expect(texts(payload).join('\n')).toMatch(/\.\.\. and 49\d more not shown/);
  });

  it('keeps a link in one piece', () => {
    const payload = slackPayload(notificationOf({ link: 'https://x/a|b>c' }));
    expect(texts(payload).at(-1)).toBe('<https://x/a%7Cb%3Ec|Look at the details>');
  });

  it('does without a link, a version and labels to group by', () => {
    const header = (groupLabels: Record<string, string>): string | undefined =>
      texts(slackPayload(notificationOf({ groupLabels, link: '' })))[0];
    expect(header({ model: 'fraud', version: 'unversioned' })).toBe(':warning: fraud: 1 alert firing');
    expect(header({})).toBe(':warning: fraud-inputs: 1 alert firing');
    expect(header({ model: 'm', team: 't' })).toBe(':warning: m, team t: 1 alert firing');
  });

  it('writes windows that span days and seconds in full', () => {
    const window = { from: INSTANT - 33 * HOUR, to: INSTANT + 5_000 };
    const [, introduction] = texts(slackPayload(notificationOf({ window })));
    expect(introduction).toContain('Window 2026-11-21 00:00 to 2026-11-22 09:00:05 UTC');
  });
});
