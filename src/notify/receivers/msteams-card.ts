import type { AlertDigest } from '../message/alert-digest.ts';
import { type Digest, fittingMessage } from '../message/digest.ts';
import type { AlertNotification } from '../notification.ts';

/** Teams takes messages of 28 KB. */
const LONGEST_MESSAGE = 26_000;

/** What a Teams workflow takes: one Adaptive Card (https://adaptivecards.io/explorer). */
export interface TeamsMessage {
  readonly type: 'message';
  readonly attachments: readonly [
    {
      readonly contentType: 'application/vnd.microsoft.card.adaptive';
      readonly contentUrl: null;
      readonly content: AdaptiveCard;
    },
  ];
}

interface AdaptiveCard {
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly type: 'AdaptiveCard';
  readonly version: '1.4';
  readonly msteams: { readonly width: 'Full' };
  readonly body: ReadonlyArray<Text | Container>;
  readonly actions: ReadonlyArray<{
    readonly type: 'Action.OpenUrl';
    readonly title: string;
    readonly url: string;
  }>;
}

interface Container {
  readonly type: 'Container';
  readonly separator: true;
  readonly items: readonly Text[];
}

/** Runs of text are shown as they are, where a TextBlock would take names from elsewhere for Markdown, links included. */
interface Text {
  readonly type: 'RichTextBlock';
  readonly spacing: 'Default' | 'None';
  readonly inlines: ReadonlyArray<{ readonly type: 'TextRun'; readonly text: string } & Style>;
}

interface Style {
  readonly size?: 'Large';
  readonly weight?: 'Bolder';
  readonly color?: 'Attention' | 'Warning' | 'Good';
  readonly fontType?: 'Monospace';
  readonly isSubtle?: true;
}

/** The message, with as many of the worst alerts as Teams takes. */
export function teamsMessage(notification: AlertNotification): TeamsMessage {
  return fittingMessage(notification, write, (message) => {
    return Buffer.byteLength(JSON.stringify(message)) <= LONGEST_MESSAGE;
  });
}

function write(digest: Digest): TeamsMessage {
  const { subject, state, facts, alerts, rest, link } = digest;
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body: [
      line(`${subject}: ${state}`, { size: 'Large', weight: 'Bolder', color: colour(digest) }),
      ...facts.map((fact) => line(fact)),
      ...alerts.map(container),
      ...(rest === '' ? [] : [line(rest)]),
    ],
    actions: [
      ...(link === undefined ? [] : [open('Look at the details', link)]),
      ...[...new Set(alerts.flatMap(({ runbook }) => runbook ?? []))]
        .slice(0, 3)
        .map((address) => open('Runbook', address)),
    ],
  } as const;
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }],
  };
}

function container(alert: AlertDigest): Container {
  const { name, state, subject, summary, change, values, times, distributions = [], explanation } = alert;
  const [reference, now] = distributions;
  return {
    type: 'Container',
    separator: true,
    items: [
      line(`${name} (${state}) ${subject}`.trim(), { weight: 'Bolder' }),
      ...[summary, change, values].filter((text) => text !== '').map((text) => line(text)),
      line(times, { isSubtle: true }),
      ...(reference === undefined || now === undefined
        ? []
        : [picture(`reference ${reference}`), picture(`now       ${now}`)]),
      ...explanation.map((text) => line(text)),
    ],
  };
}

function line(text: string, style: Style = {}): Text {
  return { type: 'RichTextBlock', spacing: 'None', inlines: [{ type: 'TextRun', text, ...style }] };
}

/** Spaces in a row would be shown as one. */
function picture(text: string): Text {
  return line(text.replaceAll(' ', '\u00a0'), { fontType: 'Monospace' });
}

function open(title: string, url: string): AdaptiveCard['actions'][number] {
  return { type: 'Action.OpenUrl', title, url };
}

function colour({ tone, severity }: Digest): 'Attention' | 'Warning' | 'Good' {
  if (tone !== 'firing') return 'Good';
  return severity === 'critical' ? 'Attention' : 'Warning';
}
