import { escapeHtml } from '../base/escape-html.ts';
import type { Alert } from '../rules/alert.ts';

export interface StatusView {
  readonly version: string;
  readonly startedAt: string;
  readonly evaluating: boolean;
  readonly checks: Readonly<Record<string, string>>;
  readonly models: ReadonlyArray<{ readonly model: string; readonly baseline: string }>;
  readonly ruleGroups: ReadonlyArray<{ readonly name: string; readonly evaluatedUpTo: string }>;
  readonly alerts: readonly Alert[];
}

/** The page at /: what is watched and what is wrong, without a line of script. */
export function statusPage(view: StatusView): string {
  const firing = view.alerts.filter(({ status }) => status === 'firing');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>driftd</title><meta http-equiv="refresh" content="15">
<style>
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}
th,td{text-align:left;padding:.35rem .6rem;border-bottom:1px solid #d8dee4;vertical-align:top}
th{font-weight:600;color:#57606a}.firing{color:#b42318;font-weight:600}.pending{color:#9a6700}code{font-size:.9em}
</style></head><body>
<h1>driftd ${escapeHtml(view.version)}</h1>
<p>${firing.length === 0 ? 'No alert fires.' : `${firing.length} alert${firing.length === 1 ? '' : 's'} firing.`}
Up since ${escapeHtml(view.startedAt)}. ${view.evaluating ? 'This instance evaluates the rules.' : 'Another instance evaluates the rules.'}</p>
<h2>Alerts</h2>${table(
    ['state', 'alert', 'model', 'version', 'feature', 'since (UTC)', 'summary'],
    view.alerts.map((alert) => [
      `<span class="${alert.status}">${alert.status}</span>`,
      escapeHtml(alert.labels['alertname'] ?? ''),
      escapeHtml(alert.labels['model'] ?? ''),
      escapeHtml(alert.labels['version'] ?? ''),
      escapeHtml(alert.labels['feature'] ?? ''),
      escapeHtml(new Date(alert.since).toISOString().slice(0, 16).replace('T', ' ')),
      escapeHtml(alert.annotations['summary'] ?? ''),
    ]),
  )}
<h2>Models</h2>${table(
    ['model', 'baseline'],
    view.models.map(({ model, baseline }) => [escapeHtml(model), `<code>${escapeHtml(baseline)}</code>`]),
  )}
<h2>Rule groups</h2>${table(
    ['group', 'evaluated up to (UTC)'],
    view.ruleGroups.map(({ name, evaluatedUpTo }) => [escapeHtml(name), escapeHtml(evaluatedUpTo)]),
  )}
<h2>Dependencies</h2>${table(
    ['name', 'state'],
    Object.entries(view.checks).map(([name, detail]) => [escapeHtml(name), escapeHtml(detail)]),
  )}
<p><a href="metrics">/metrics</a> · <a href="readyz">/readyz</a> · <a href="api/v1/alerts">/api/v1/alerts</a> · <a href="api/v1/status">/api/v1/status</a></p>
</body></html>`;
}

function table(head: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  if (rows.length === 0) return '<p>None.</p>';
  const cells = (tag: string, row: readonly string[]): string =>
    row.map((cell) => `<${tag}>${cell}</${tag}>`).join('');
  return `<table><tr>${cells('th', head)}</tr>${rows.map((row) => `<tr>${cells('td', row)}</tr>`).join('')}</table>`;
}
