import { describe, expect, it } from 'vitest';
import { type StatusView, statusPage } from '../../src/http/status-page.ts';
import { alertViews } from '../../src/pipeline/alert-view.ts';
import { alertOf, INSTANT } from '../notify/examples.ts';

const drift = alertOf({ fingerprint: 'drift', labels: { feature: 'country' } });
const category = alertOf({
  fingerprint: 'category',
  labels: { feature: 'country', alertname: 'NewCategory' },
});
const free = { silencedBy: [], inhibitedBy: [], acknowledgedBy: [] };

const VIEW: StatusView = {
  version: '1.2.3',
  startedAt: '2026-11-22T08:00:00.000Z',
  evaluating: true,
  checks: { kafka: 'connected' },
  models: [],
  ruleGroups: [],
  alerts: alertViews([drift, category], {
    marks: new Map([
      ['drift', { ...free, inhibitedBy: ['category'], silencedBy: ['s1'] }],
      ['category', { ...free, acknowledgedBy: ['a1'] }],
    ]),
    decisions: [],
  }),
  silences: [
    {
      id: 's1',
      status: { state: 'active' },
      matchers: [{ name: 'feature', value: '<country>', isRegex: true, isEqual: false }],
      startsAt: new Date(INSTANT).toISOString(),
      endsAt: new Date(INSTANT + 3_600_000).toISOString(),
      updatedAt: new Date(INSTANT).toISOString(),
      createdBy: '<b>ada</b>',
      comment: '<script>',
    },
  ],
  acknowledgements: [
    {
      id: 'a1',
      matchers: [],
      fingerprint: 'category',
      createdAt: '2026-11-22T09:01:00Z',
      createdBy: 'grace',
      comment: '',
    },
  ],
};

describe('the status page', () => {
  it('says what fires, what is not told and because of what, and who has seen it', () => {
    const page = statusPage(VIEW, []);
    expect(page).toContain('2 alerts firing, 1 of them not told.');
    expect(page).toContain('silenced by s1');
    expect(page).toContain('inhibited by NewCategory country');
    expect(page).toContain('acknowledged by grace');
    expect(page).toContain('2026-11-22 10:00');
    expect(page).toContain('feature!~&quot;&lt;country&gt;&quot;');
  });

  it('lets no text of people become markup', () => {
    const page = statusPage(VIEW, []);
    expect(page).not.toContain('<script>');
    expect(page).not.toContain('<b>ada');
  });

  it('has nothing to show of a driftd that waits', () => {
    const page = statusPage({ ...VIEW, alerts: [], silences: [], acknowledgements: [] }, []);
    expect(page).toContain('No alert fires.');
    expect(page).toContain('<h2>Silences</h2><p>None.</p>');
  });

  it('shows where requests for new models stand, and does not take names for markup', () => {
    const page = statusPage(VIEW, [
      {
        id: 'r1',
        target: 'pipeline',
        model: '<b>fraud</b>',
        version: '7',
        state: 'failed',
        since: '2026-11-22T09:00:00.000Z',
        why: 'amount drifted',
        baseline_id: null,
        training_period: { from: '2026-10-25T09:00:00.000Z', to: '2026-11-22T09:00:00.000Z' },
        at: '2026-11-22T09:00:00.000Z',
        run: null,
        new_version: null,
        steps: [{ state: 'failed', at: '2026-11-22T09:00:00.000Z', reason: 'no <disk>', author: '' }],
      },
    ]);
    expect(page).toContain('failed<br><small>no &lt;disk&gt;</small>');
    expect(page).toContain('&lt;b&gt;fraud&lt;/b&gt;');
    expect(page).not.toContain('<b>fraud');
  });
});
