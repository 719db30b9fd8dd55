import { UNVERSIONED } from '../event/events.ts';
import type { Alert } from '../rules/alert.ts';
import type { AlertNotification } from './notification.ts';
import { slackAlert } from './slack-alert.ts';
import { count, slackName, slackText } from './slack-text.ts';
import { instantText, periodText } from './utc-text.ts';

const SHOWN_ALERTS = 10;
const SHOWN_KINDS = 5;
/** So that icon, subject and state together stay below the 150 characters of a header. */
const SUBJECT_LIMIT = 90;
/** A section takes 3 000 characters; half a link leads nowhere, so a longer one is left out. */
const LINK_LIMIT = 2900;

/** What an incoming webhook takes (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export interface SlackPayload {
  /** Shown in notifications, and read aloud. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

type SlackBlock =
  | {
      readonly type: 'header';
      readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: true };
    }
  | { readonly type: 'section'; readonly text: { readonly type: 'mrkdwn'; readonly text: string } };

/** The message: what drifted, how many, the ten worst with their numbers, the window, since when, and where to look. Within Slack's limits for any number of alerts. */
export function slackPayload(notification: AlertNotification): SlackPayload {
  const shown = notification.alerts.slice(0, SHOWN_ALERTS);
  const rest = notification.alerts.slice(SHOWN_ALERTS);
  const title = `${slackText(subject(notification), SUBJECT_LIMIT)}: ${stateText(notification)}`;
  const header = { type: 'plain_text', text: `${icon(notification)} ${title}`, emoji: true } as const;
  const blocks: SlackBlock[] = [
    { type: 'header', text: header },
    section(introduction(notification)),
    ...shown.map((alert) => section(slackAlert(alert))),
  ];
  if (rest.length > 0) blocks.push(section(restText(rest)));
  const link = linkTarget(notification.link);
  if (link !== '' && link.length < LINK_LIMIT) blocks.push(section(`<${link}|Look at the details>`));
  const summaries = shown.slice(0, 3).map(({ annotations }) => slackText(annotations['summary'] ?? '', 200));
  return { text: [title, ...summaries].filter((line) => line !== '').join('\n'), blocks };
}

function section(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text } };
}

/** `fraud, version 7`; further labels with their names. */
function subject({ groupLabels, ruleGroup }: AlertNotification): string {
  const parts = Object.entries(groupLabels).flatMap(([name, value]) => {
    if (value === '' || (name === 'version' && value === UNVERSIONED)) return [];
    return [name === 'model' ? value : `${name} ${value}`];
  });
  return parts.length === 0 ? ruleGroup : parts.join(', ');
}

function stateText({ status, alerts }: AlertNotification): string {
  const amount = alerts.filter((alert) => alert.status === status).length;
  return `${count(amount, 'alert')} ${status}`;
}

function icon({ status, alerts }: AlertNotification): string {
  if (status === 'resolved') return ':white_check_mark:';
  const critical = alerts.some(
    ({ status, labels }) => status === 'firing' && labels['severity'] === 'critical',
  );
  return critical ? ':rotating_light:' : ':warning:';
}

function introduction({ alerts, window, ruleGroup }: AlertNotification): string {
  const firing = alerts.filter(({ status }) => status === 'firing');
  const resolved = alerts.length - firing.length;
  const lines = [
    ...(firing.length > 0 ? [`*${firing.length} firing*: ${kindsText(firing)}`] : []),
    ...(resolved > 0 ? [`*${resolved} resolved just now*`] : []),
    `Window ${periodText(window)}, rules ${slackName(ruleGroup)}`,
  ];
  if (firing.length > 0) {
    const since = firing.reduce(
      (earliest, alert) => Math.min(earliest, alert.since),
      Number.POSITIVE_INFINITY,
    );
    lines.push(`Going on since ${instantText(since)}`);
  }
  return lines.join('\n');
}

function restText(rest: readonly Alert[]): string {
  const [worst] = rest;
  const what = worst?.status === 'resolved' ? 'resolved' : 'not shown';
  return `... and *${rest.length} more* ${what}: ${kindsText(rest)}`;
}

/** `480 FeatureDrift, 10 MissingValues`: the most frequent first. */
function kindsText(alerts: readonly Alert[]): string {
  const counts = new Map<string, number>();
  for (const { labels } of alerts) {
    const name = labels['alertname'] ?? 'Alert';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = kinds.slice(0, SHOWN_KINDS).map(([name, amount]) => `${amount} ${slackText(name, 100)}`);
  const others = kinds.slice(SHOWN_KINDS).reduce((sum, [, amount]) => sum + amount, 0);
  return [...shown, ...(others > 0 ? [`${others} of other kinds`] : [])].join(', ');
}

// Inside <...|...> these characters would end the link.
function linkTarget(link: string): string {
  return link.replace(/[<>|\s]/g, encodeURIComponent).replaceAll('&', '&amp;');
}
