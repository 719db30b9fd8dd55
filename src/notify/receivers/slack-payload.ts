import type { AlertDigest } from '../message/alert-digest.ts';
import { type Digest, fittingMessage } from '../message/digest.ts';
import type { AlertNotification } from '../notification.ts';
import { slackAlert } from './slack-alert.ts';
import { slackLink, slackText } from './slack-text.ts';

/** So that icon, subject and state together stay below the 150 characters of a header. */
const SUBJECT_LIMIT = 90;
const LINK_LIMIT = 2_900;
/** Slack documents no limit for all blocks together, and refuses messages from somewhat above 11 000 characters on. */
const TOTAL_LIMIT = 9_000;

/** What an incoming webhook takes (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks). */
export interface SlackPayload {
  /** Shown in notifications, and read aloud. */
  readonly text: string;
  readonly blocks: readonly SlackBlock[];
}

/** Verbatim: names and values come from events, and shall become no links and no mentions. Links of our own stay what they are. */
interface SlackText {
  readonly type: 'mrkdwn';
  readonly text: string;
  readonly verbatim: true;
}

type SlackBlock =
  | {
      readonly type: 'header';
      readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: true };
    }
  | { readonly type: 'section'; readonly text: SlackText };

/** The message: what drifted, how many, the worst with their numbers, the window, since when, and where to look. Within Slack's limits for any number of alerts. */
export function slackPayload(notification: AlertNotification): SlackPayload {
  return fittingMessage(notification, write, ({ blocks }) => {
    return blocks.reduce((sum, { text }) => sum + text.text.length, 0) <= TOTAL_LIMIT;
  });
}

function write(digest: Digest): SlackPayload {
  const { facts, alerts, rest } = digest;
  const lines = facts.map((fact) => slackText(fact, 600));
  const title = `${slackText(digest.subject, SUBJECT_LIMIT)}: ${digest.state}`;
  const header = { type: 'plain_text', text: `${icon(digest)} ${title}`, emoji: true } as const;
  const sections = [
    ...(digest.tone === 'note' ? lines : [lines.join('\n')]),
    ...alerts.flatMap((alert) => [slackAlert(alert), explanationText(alert)]),
    slackText(rest, 600),
    slackLink(digest.link, 'Look at the details', LINK_LIMIT),
  ];
  const summaries = alerts.slice(0, 3).map(({ summary }) => slackText(summary, 200));
  return {
    text: [title, ...summaries].filter((line) => line !== '').join('\n'),
    blocks: [{ type: 'header', text: header }, ...sections.filter((text) => text !== '').map(section)],
  };
}

/** Below the 3 000 characters of a section. */
function explanationText({ explanation }: AlertDigest): string {
  return explanation.map((line) => slackText(line, 500)).join('\n');
}

function section(text: string): SlackBlock {
  return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
}

function icon({ tone, severity }: Digest): string {
  if (tone === 'note') return ':repeat:';
  if (tone === 'resolved') return ':white_check_mark:';
  return severity === 'critical' ? ':rotating_light:' : ':warning:';
}
