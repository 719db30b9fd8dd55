import { escapeHtml } from '../../base/escape-html.ts';
import type { AlertDigest } from '../message/alert-digest.ts';
import type { Digest } from '../message/digest.ts';

/** A message as a page for mail programs, which know neither style sheets nor scripts. */
export function emailHtml({ subject, state, facts, alerts, rest, link }: Digest): string {
  return `<!doctype html>
<html lang="en"><body style="font:14px/1.5 sans-serif;color:#1b1f24;max-width:48rem">
<h2 style="font-size:18px">${escapeHtml(`${subject}: ${state}`)}</h2>
<p>${facts.map(escapeHtml).join('<br>\n')}</p>
${alerts.map(alertHtml).join('\n')}
${rest === '' ? '' : `<p>${escapeHtml(rest)}</p>`}
${link === undefined ? '' : `<p>${anchor(link, 'Look at the details')}</p>`}
</body></html>
`;
}

function alertHtml(alert: AlertDigest): string {
  const { name, state, subject, summary, change, values, times, distributions, explanation, runbook } = alert;
  const lines = [summary, change, values].filter((line) => line !== '').map(escapeHtml);
  return `<div style="border-left:3px solid ${colour(state)};padding-left:.7em;margin:1em 0">
<b>${escapeHtml(name)}</b> (${escapeHtml(state)}) <code>${escapeHtml(subject)}</code><br>
${lines.join('<br>\n')}
<br><span style="color:#57606a">${escapeHtml(times)}</span>
${distributions === undefined ? '' : `<pre style="font:13px/1.3 monospace;margin:.3em 0">reference ${distributions[0]}\nnow       ${distributions[1]}</pre>`}
${explanation.length === 0 ? '' : `<p style="margin:.3em 0">${explanation.map(escapeHtml).join('<br>\n')}</p>`}
${runbook === undefined ? '' : anchor(runbook, 'Runbook')}
</div>`;
}

function anchor(address: string, text: string): string {
  return `<a href="${escapeHtml(address)}">${text}</a>`;
}

function colour(state: string): string {
  if (state === 'resolved') return '#1a7f37';
  return state === 'critical' ? '#b42318' : '#9a6700';
}
