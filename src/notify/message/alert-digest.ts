import { clip } from '../../base/clip.ts';
import { formatDuration } from '../../base/duration.ts';
import { distributionLines } from '../../metrics/distributions.ts';
import type { Alert } from '../../rules/alert.ts';
import { numberText } from './number-text.ts';
import { instantText } from './utc-text.ts';

const MAX_VALUES = 6;
/** Names come from producers and may be as long as a page. */
const LONGEST_NAME = 50;
/** Half an address leads nowhere, so a longer one is left out. */
const LONGEST_ADDRESS = 1_000;
/** Lines of an explanation, and characters of each. */
const MOST_LINES = 5;
const LONGEST_LINE = 450;

/**
 * What a message says of one alert: plain text for people, with no markup, a line each and none of them long. Every receiver
 * escapes it and lays it out in its own way.
 */
export interface AlertDigest {
  readonly name: string;
  /** The severity, or `resolved`. */
  readonly state: string;
  /** The feature, the segment, or both; empty for a model as a whole. */
  readonly subject: string;
  readonly summary: string;
  /** How the distribution changed; empty when nothing is known of it. */
  readonly change: string;
  /** The numbers of the condition, beside the baseline's. */
  readonly values: string;
  /** Since when, and against what. */
  readonly times: string;
  /** The reference's distribution and the window's, in block characters. */
  readonly distributions: readonly [reference: string, current: string] | undefined;
  /** Why it fires, a line each; empty where that is not known, and of what has resolved. */
  readonly explanation: readonly string[];
  /** Where to read what to do. */
  readonly runbook: string | undefined;
}

export function alertDigest(alert: Alert): AlertDigest {
  const { labels, annotations, status, change = '', distributions, explanation } = alert;
  const { feature = '', segment = '' } = labels;
  return {
    name: clip(labels['alertname'] ?? 'Alert', 100),
    state: status === 'resolved' ? 'resolved' : clip(labels['severity'] ?? 'no severity', 50),
    subject: clip(
      [feature, segment === '' ? '' : `in ${segment}`].filter((part) => part !== '').join(' '),
      200,
    ),
    summary: clip(annotations['summary'] ?? '', 500),
    change: clip(change, 300),
    values: valuesText(alert),
    times: timesText(alert),
    distributions: distributions === undefined ? undefined : distributionLines(distributions),
    explanation:
      status === 'resolved'
        ? []
        : (explanation?.lines ?? []).slice(0, MOST_LINES).map((line) => clip(line, LONGEST_LINE)),
    runbook: webAddress(annotations['runbook_url']),
  };
}

function valuesText({ values, baselineValues }: Alert): string {
  const own = Object.entries(values).map(([name, value]) => {
    const baseline = baselineValues[name];
    const beside = baseline === undefined ? '' : ` (baseline ${numberText(baseline)})`;
    return `${clip(name, LONGEST_NAME)} ${numberText(value)}${beside}`;
  });
  const others = Object.entries(baselineValues)
    .filter(([name]) => values[name] === undefined)
    .map(([name, value]) => `baseline ${clip(name, LONGEST_NAME)} ${numberText(value)}`);
  const all = [...own, ...others];
  const rest = all.length - MAX_VALUES;
  return all.slice(0, MAX_VALUES).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

function timesText({ status, since, window, against }: Alert): string {
  const compared = against === undefined ? '' : `, against ${clip(against, 100)}`;
  if (status !== 'resolved') return `since ${instantText(since)}${compared}`;
  const lasted = formatDuration(Math.max(0, window.to - since));
  return `began ${instantText(since)}, resolved after ${lasted}${compared}`;
}

/** Only what a browser opens as a page may become a link. */
export function webAddress(text: string | undefined): string | undefined {
  const isAddress = text !== undefined && text.length <= LONGEST_ADDRESS && /^https?:\/\/\S+$/i.test(text);
  return isAddress ? text : undefined;
}
