import { escapeHtml } from '../base/escape-html.ts';
import type { AlertView } from '../pipeline/alert-view.ts';
import { htmlTable, timeText } from './html-table.ts';
import type { AcknowledgementJson } from './suppression-json.ts';

/** All alerts that are pending or fire; those that are held back say by what, and those that were acknowledged by whom. */
export function alertTable(
  alerts: readonly AlertView[],
  acknowledgements: readonly AcknowledgementJson[],
): string {
  return htmlTable(
    ['state', 'alert', 'model', 'version', 'feature', 'since (UTC)', 'summary'],
    alerts.map((alert) => [
      stateCell(alert, alerts, acknowledgements),
      ...['alertname', 'model', 'version', 'feature'].map((name) => escapeHtml(alert.labels[name] ?? '')),
      timeText(alert.since),
      [alert.annotations['summary'] ?? '', ...(alert.explanation?.lines ?? [])].map(escapeHtml).join('<br>'),
    ]),
  );
}

function stateCell(
  alert: AlertView,
  alerts: readonly AlertView[],
  acknowledgements: readonly AcknowledgementJson[],
): string {
  const { status, state } = alert;
  const notes = [
    ...alert.silencedBy.map((id) => `silenced by ${id}`),
    ...alert.inhibitedBy.map((fingerprint) => `inhibited by ${nameOf(fingerprint, alerts)}`),
    ...alert.mutedBy.map((name) => `muted by ${name}`),
    ...alert.acknowledgedBy.map((id) => `acknowledged by ${authorOf(id, acknowledgements)}`),
  ];
  const quiet = state === 'suppressed' ? ' quiet' : '';
  const lines = notes.map((note) => `<br><small>${escapeHtml(note)}</small>`);
  return `<span class="${status}${quiet}">${status}</span>${lines.join('')}`;
}

function nameOf(fingerprint: string, alerts: readonly AlertView[]): string {
  const labels = alerts.find((alert) => alert.fingerprint === fingerprint)?.labels;
  return labels === undefined
    ? fingerprint
    : [labels['alertname'], labels['feature']].filter(Boolean).join(' ');
}

function authorOf(id: string, acknowledgements: readonly AcknowledgementJson[]): string {
  return acknowledgements.find((acknowledgement) => acknowledgement.id === id)?.createdBy ?? id;
}
