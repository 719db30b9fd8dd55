import { describe, expect, it } from 'vitest';
import type { AlertNotification } from '../../src/notify/notification.ts';
import { parseBodyTemplate } from '../../src/notify/receivers/body-template.ts';
import { cloudEvent } from '../../src/notify/receivers/cloud-event.ts';
import { teamsMessage } from '../../src/notify/receivers/msteams-card.ts';
import { slackPayload } from '../../src/notify/receivers/slack-payload.ts';
import { comparisonNote, suggestionNote } from '../../src/notify/retraining-note.ts';
import { alertsBody } from '../../src/notify/webhook-body.ts';
import { INSTANT, retrainOf } from './examples.ts';

const REQUEST = retrainOf();
const suggestion = suggestionNote(REQUEST, 'team/slack/0');
const comparison = comparisonNote(REQUEST, 'team/slack/0', INSTANT, [
  'version 8 beside version 7: 400 predictions',
  'f1 0.81 (version 7: 0.71) <https://evil.example|click>',
]);

function templated(notification: AlertNotification): unknown {
  const parsed = parseBodyTemplate({ title: '{{title}}', text: '{{text}}' });
  return 'template' in parsed ? JSON.parse(parsed.template.render(notification)) : parsed.faults;
}

describe('a note about retraining', () => {
  it('has one id for one request, receiver and subject, whatever it says', () => {
    const again = comparisonNote(REQUEST, 'team/slack/0', INSTANT + 1, []);
    expect(again.id).toBe(comparison.id);
    const others = [
      suggestion,
      comparisonNote(REQUEST, 'team/slack/1', INSTANT, []),
      comparisonNote(retrainOf({ id: 'other' }), 'team/slack/0', INSTANT, []),
    ];
    expect(new Set([comparison, ...others].map(({ id }) => id)).size).toBe(4);
  });

  it('says how to approve what is suggested', () => {
    const { text, blocks } = slackPayload(suggestion);
    expect(text).toBe('fraud, version 7: a new model is suggested');
    const said = JSON.stringify(blocks);
    expect(said).toContain(`driftd retrain approve ${REQUEST.id}`);
    expect(said).toContain('amount of fraud drifted');
    expect(said).toContain(':repeat:');
    expect(said).not.toContain('firing');
  });

  it('tells how versions compare in every form of message, with nothing that is taken for markup', () => {
    expect(JSON.stringify(slackPayload(comparison))).toContain('&lt;https://evil.example|click&gt;');
    expect(JSON.stringify(teamsMessage(comparison))).toContain('version 8 beside version 7');
    expect(templated(comparison)).toEqual({
      title: 'fraud, version 7: a new version was compared',
      text: expect.stringContaining('400 predictions'),
    });
  });

  it('is told from alerts by its type', () => {
    const body = alertsBody(comparison);
    expect(body.type).toBe('retrain.compared');
    expect(body.data.retrain).toEqual({
      id: REQUEST.id,
      title: 'a new version was compared',
      lines: comparison.note?.lines,
    });
    expect(alertsBody(suggestion).type).toBe('retrain.suggested');
    expect(cloudEvent(suggestion)).toMatchObject({ type: 'driftd.retrain.suggested', id: suggestion.id });
  });

  it('stays within what Slack takes, whatever names it holds', () => {
    const lines = Array.from({ length: 50 }, () => '<&>'.repeat(500));
    const { blocks } = slackPayload(comparisonNote(REQUEST, 'team/slack/0', INSTANT, lines));
    expect(blocks.length).toBeLessThanOrEqual(50);
    for (const { type, text } of blocks)
      expect(text.text.length).toBeLessThanOrEqual(type === 'header' ? 150 : 3_000);
    expect(blocks.reduce((sum, { text }) => sum + text.text.length, 0)).toBeLessThan(11_000);
  });
});
