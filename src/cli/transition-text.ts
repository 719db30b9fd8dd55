import { explanationBody } from '../notify/explanation-body.ts';
import type { AlertTransition } from '../rules/alert.ts';

/** One change of an alert, for a person: a line, and below it why, where it begins to fire and that is known. */
export function transitionLines({ alert, to, at }: AlertTransition): string[] {
  const { alertname, model, version, segment, feature, severity } = alert.labels;
  const subject = [model, version, segment, feature].filter((part) => part !== undefined).join(' ');
  const summary =
    to === 'resolved'
      ? ''
      : `: ${oneLine(alert.annotations['summary'] ?? '')}${alert.change === undefined ? '' : ` (${alert.change})`}`;
  const why = to === 'firing' ? (alert.explanation?.lines ?? []) : [];
  return [
    `${minute(at)}  ${to.padEnd(8)}  ${severity ?? ''}  ${alertname ?? ''}  ${subject}${summary}`,
    ...why.map((line) => `${' '.repeat(18)}${line}`),
  ];
}

/** The same for a program: one object a line. */
export function transitionJson({ id, alert, from, to, reason, at }: AlertTransition): string {
  return JSON.stringify({
    id,
    at: new Date(at).toISOString(),
    from,
    to,
    reason,
    fingerprint: alert.fingerprint,
    rule_group: alert.ruleGroup,
    labels: alert.labels,
    annotations: alert.annotations,
    values: alert.values,
    baseline_values: alert.baselineValues,
    change: alert.change ?? null,
    explanation: explanationBody(alert.explanation),
    window: { from: new Date(alert.window.from).toISOString(), to: new Date(alert.window.to).toISOString() },
    since: new Date(alert.since).toISOString(),
  });
}

/** A rule file may break its summary into lines. */
function oneLine(summary: string): string {
  return summary.trim().replaceAll(/\s*\n\s*/g, ' ');
}

function minute(instant: number): string {
  return new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
}
