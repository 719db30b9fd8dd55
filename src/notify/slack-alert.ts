import { formatDuration } from '../base/duration.ts';
import type { Alert } from '../rules/alert.ts';
import { numberText, slackName, slackText } from './slack-text.ts';
import { instantText } from './utc-text.ts';

const MAX_VALUES = 6;

/** One alert as a few lines of mrkdwn: what, how it changed, the numbers beside the baseline's, since when. Below 2 500 characters. */
export function slackAlert(alert: Alert): string {
  const { labels, annotations, change } = alert;
  const title = [
    `*${slackText(labels['alertname'] ?? 'Alert', 100)}*`,
    `(${alert.status === 'resolved' ? 'resolved' : slackText(labels['severity'] ?? 'no severity', 50)})`,
    ...(labels['feature'] === undefined ? [] : [slackName(labels['feature'])]),
    ...(labels['segment'] === undefined || labels['segment'] === ''
      ? []
      : ['in', slackName(labels['segment'])]),
  ].join(' ');
  return [
    title,
    slackText(annotations['summary'] ?? '', 500),
    slackText(change ?? '', 300),
    valuesText(alert),
    timesText(alert),
  ]
    .filter((line) => line !== '')
    .join('\n');
}

function valuesText({ values, baselineValues }: Alert): string {
  const own = Object.entries(values).map(([name, value]) => {
    const baseline = baselineValues[name];
    const beside = baseline === undefined ? '' : ` (baseline ${numberText(baseline)})`;
    return `${slackText(name, 50)} ${numberText(value)}${beside}`;
  });
  const others = Object.entries(baselineValues)
    .filter(([name]) => values[name] === undefined)
    .map(([name, value]) => `baseline ${slackText(name, 50)} ${numberText(value)}`);
  const all = [...own, ...others];
  const rest = all.length - MAX_VALUES;
  return all.slice(0, MAX_VALUES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function timesText({ status, since, window }: Alert): string {
  if (status !== 'resolved') return `since ${instantText(since)}`;
  return `began ${instantText(since)}, resolved after ${formatDuration(Math.max(0, window.to - since))}`;
}
