import { describe, expect, it } from 'vitest';
import { type TeamsMessage, teamsMessage } from '../../../src/notify/receivers/msteams-card.ts';
import { alertOf, notificationOf } from '../examples.ts';
import { hostileNotification } from '../hostile.ts';

function texts({ attachments }: TeamsMessage): string[] {
  const { body } = attachments[0].content;
  const lines = body.flatMap((element) => (element.type === 'Container' ? element.items : [element]));
  return lines.flatMap(({ inlines }) => inlines.map(({ text }) => text));
}

describe('teamsMessage', () => {
  it('is one Adaptive Card with everything in it', () => {
    const alerts = [
      alertOf({
        labels: { severity: 'critical' },
        annotations: { summary: 'amount of fraud drifted', runbook_url: 'https://runbooks.example/drift' },
        change: 'median 41.2 -> 88.0',
        distributions: { kind: 'numeric', labels: ['a', 'b'], reference: [1, 0], current: [0.5, 0.5] },
      }),
    ];
    const message = teamsMessage(notificationOf({ alerts }));
    const [{ contentType, content }] = message.attachments;
    expect([message.type, contentType, content.type, content.version]).toEqual([
      'message',
      'application/vnd.microsoft.card.adaptive',
      'AdaptiveCard',
      '1.4',
    ]);
    expect(texts(message)).toEqual([
      'fraud, version 7: 1 alert firing',
      '1 firing: 1 FeatureDrift',
      'Window 2026-11-22 08:00 to 09:00 UTC, rules fraud-inputs',
      'Going on since 2026-11-22 08:00 UTC',
      'FeatureDrift (critical) amount',
      'amount of fraud drifted',
      'median 41.2 -> 88.0',
      'psi 0.31, q_value 1.235e-9',
      'since 2026-11-22 08:00 UTC',
      'reference\u00a0█\u00a0',
      'now\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0\u00a0▄▄',
    ]);
    expect(content.body[0]).toMatchObject({ inlines: [{ color: 'Attention' }] });
    expect(content.actions.map(({ title, url }) => `${title} ${url}`)).toEqual([
      'Look at the details https://driftd.example/models/fraud?version=7&to=1',
      'Runbook https://runbooks.example/drift',
    ]);
  });

  it('shows what comes from elsewhere as it is, never as Markdown', () => {
    const message = teamsMessage(
      notificationOf({ alerts: [alertOf({ labels: { feature: '[x](http://evil)' } })] }),
    );
    expect(JSON.stringify(message)).not.toContain('"TextBlock"');
    expect(texts(message)).toContain('FeatureDrift (warning) [x](http://evil)');
  });

  it('stays below what Teams takes, for 500 alerts with huge names', () => {
    const message = teamsMessage(hostileNotification());
    expect(Buffer.byteLength(JSON.stringify(message))).toBeLessThan(28_000);
    expect(texts(message).join('\n')).toMatch(/\.\.\. and 49\d more not shown/);
  });

  it('is green when it is over', () => {
    const alerts = [alertOf({ status: 'resolved' })];
    const [{ content }] = teamsMessage(notificationOf({ status: 'resolved', alerts })).attachments;
    expect(content.body[0]).toMatchObject({ inlines: [{ color: 'Good' }] });
  });
});
