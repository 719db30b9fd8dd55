import type { AlertDigest } from './alert-digest.ts';
import type { Digest } from './digest.ts';

/** A message as plain text, for receivers that show nothing else. */
export function plainMessage({ subject, state, facts, alerts, rest, link }: Digest): string {
  return [
    [`${subject}: ${state}`, ...facts].join('\n'),
    ...alerts.map(plainAlert),
    ...(rest === '' ? [] : [rest]),
    ...(link === undefined ? [] : [`Details: ${link}`]),
  ].join('\n\n');
}

function plainAlert(alert: AlertDigest): string {
  const { name, state, subject, summary, change, values, times, distributions, explanation, runbook } = alert;
  const lines = [summary, change, values, times];
  if (distributions !== undefined)
    lines.push(`reference ${distributions[0]}`, `now       ${distributions[1]}`);
  lines.push(...explanation);
  if (runbook !== undefined) lines.push(`Runbook: ${runbook}`);
  const title = `${name} (${state}) ${subject}`.trim();
  return [title, ...lines.filter((line) => line !== '').map((line) => `  ${line}`)].join('\n');
}
