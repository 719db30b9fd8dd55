import { clip } from '../../base/clip.ts';
import { UNVERSIONED } from '../../event/events.ts';
import type { Alert } from '../../rules/alert.ts';
import type { AlertNotification, RetrainingNote } from '../notification.ts';
import { type AlertDigest, alertDigest, webAddress } from './alert-digest.ts';
import { count } from './number-text.ts';
import { instantText, periodText } from './utc-text.ts';

/** Alerts that a message names, at most; the rest is counted. */
const SHOWN_ALERTS = 10;
const SHOWN_KINDS = 5;
const LONGEST_KIND = 100;
const LONGEST_SUBJECT = 200;
/** Lines of a note, and characters of each. */
const MOST_LINES = 10;
const LONGEST_LINE = 300;
/** So that it fits behind the subject wherever titles are short. */
const LONGEST_TITLE = 40;

/** What a message says, in plain text: receivers escape it and lay it out. */
export interface Digest {
  /** What it is about: `fraud, version 7`. */
  readonly subject: string;
  /** `2 alerts firing`. */
  readonly state: string;
  readonly tone: 'firing' | 'resolved' | 'note';
  /** The worst severity of what fires; undefined when nothing does, or nothing has one. */
  readonly severity: string | undefined;
  /** How many of which kind, which window, since when: a line each. */
  readonly facts: readonly string[];
  /** The worst, as many as there is room for. */
  readonly alerts: readonly AlertDigest[];
  /** How many more there are, and of which kinds; empty when all are shown. */
  readonly rest: string;
  /** Where to look next. */
  readonly link: string | undefined;
}

/** The same message with ever fewer alerts named, until it fits where it is to go. */
export function fittingMessage<Message>(
  notification: AlertNotification,
  write: (digest: Digest) => Message,
  fits: (message: Message) => boolean,
): Message {
  for (let shown = SHOWN_ALERTS; ; shown -= 1) {
    const message = write(digestOf(notification, shown));
    if (shown === 0 || fits(message)) return message;
  }
}

export function digestOf(notification: AlertNotification, shown = SHOWN_ALERTS): Digest {
  const { alerts, status, link, note } = notification;
  if (note !== undefined) return noteDigest(notification, note);
  const firing = alerts.filter((alert) => alert.status === 'firing');
  return {
    subject: clip(subjectOf(notification), LONGEST_SUBJECT),
    state: `${count(status === 'firing' ? firing.length : alerts.length, 'alert')} ${status}`,
    tone: status,
    // Worst first, and firing ones before the others.
    severity: firing[0]?.labels['severity'],
    facts: factsOf(notification, firing),
    alerts: explainedOnce(alerts.slice(0, shown).map(alertDigest)),
    rest: restOf(alerts.slice(shown)),
    link: webAddress(link),
  };
}

/** Alerts of one incident often have one explanation, which is told with the first of them. */
function explainedOnce(alerts: readonly AlertDigest[]): AlertDigest[] {
  const told = new Set<string>();
  return alerts.map((alert) => {
    const text = alert.explanation.join('\n');
    if (told.has(text)) return { ...alert, explanation: [] };
    told.add(text);
    return alert;
  });
}

/** What is said of a retraining; the alerts that led to it were told before. */
function noteDigest(notification: AlertNotification, { title, lines }: RetrainingNote): Digest {
  return {
    subject: clip(subjectOf(notification), LONGEST_SUBJECT),
    state: clip(title, LONGEST_TITLE),
    tone: 'note',
    severity: undefined,
    facts: lines.slice(0, MOST_LINES).map((line) => clip(line, LONGEST_LINE)),
    alerts: [],
    rest: '',
    link: webAddress(notification.link),
  };
}

/** `fraud, version 7`; further labels with their names. */
function subjectOf({ groupLabels, ruleGroup }: AlertNotification): string {
  const parts = Object.entries(groupLabels).flatMap(([name, value]) => {
    if (value === '' || (name === 'version' && value === UNVERSIONED)) return [];
    return [name === 'model' ? value : `${name} ${value}`];
  });
  return parts.length === 0 ? ruleGroup : parts.join(', ');
}

function factsOf(
  { alerts, window, ruleGroup }: AlertNotification,
  firing: readonly Alert[],
): readonly string[] {
  const resolved = alerts.length - firing.length;
  const since = firing.reduce((first, alert) => Math.min(first, alert.since), Number.POSITIVE_INFINITY);
  return [
    ...(firing.length > 0 ? [`${firing.length} firing: ${kindsOf(firing)}`] : []),
    ...(resolved > 0 ? [`${resolved} resolved just now`] : []),
    `Window ${periodText(window)}, rules ${clip(ruleGroup, 200)}`,
    ...(firing.length > 0 ? [`Going on since ${instantText(since)}`] : []),
  ];
}

function restOf(rest: readonly Alert[]): string {
  const [worst] = rest;
  if (worst === undefined) return '';
  return `... and ${rest.length} more ${worst.status === 'resolved' ? 'resolved' : 'not shown'}: ${kindsOf(rest)}`;
}

/** `480 FeatureDrift, 10 MissingValues`: the most frequent first. */
function kindsOf(alerts: readonly Alert[]): string {
  const counts = new Map<string, number>();
  for (const { labels } of alerts) {
    const name = labels['alertname'] ?? 'Alert';
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const kinds = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const shown = kinds.slice(0, SHOWN_KINDS).map(([name, amount]) => `${amount} ${clip(name, LONGEST_KIND)}`);
  const others = kinds.slice(SHOWN_KINDS).reduce((sum, [, amount]) => sum + amount, 0);
  return [...shown, ...(others > 0 ? [`${others} of other kinds`] : [])].join(', ');
}
