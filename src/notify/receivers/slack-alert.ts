import type { AlertDigest } from '../message/alert-digest.ts';
import { slackLink, slackName, slackText } from './slack-text.ts';

/** One alert as a few lines of mrkdwn: what, how it changed, the numbers, since when, both distributions. Below 2 500 characters. */
export function slackAlert(alert: AlertDigest): string {
  const { name, state, subject, summary, change, values, times, distributions, runbook } = alert;
  const title = `*${slackText(name, 100)}* (${slackText(state, 50)})`;
  return [
    subject === '' ? title : `${title} ${slackName(subject)}`,
    slackText(summary, 500),
    slackText(change, 300),
    slackText(values, 600),
    slackText(times, 200),
    distributions === undefined ? '' : picture(distributions),
    slackLink(runbook, 'Runbook', 500),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

/** In a block of code, where all characters are equally wide. It holds nothing but block characters. */
function picture([reference, current]: readonly [string, string]): string {
  return `\`\`\`reference ${reference}\nnow       ${current}\`\`\``;
}
