import { clip } from '../base/clip.ts';
import type { Explanation } from './explanation.ts';
import type { MovedFeature } from './moved-features.ts';
import type { NamedSegment, SegmentFindings } from './segment-findings.ts';

/** Segments and features that are named in a line. */
const NAMED = 3;
const LONGEST_NAME = 80;

/** What was found, for people: plain text, at most five lines, each below 700 characters. */
export function explanationLines(
  { features, segments, period, reference }: Omit<Explanation, 'lines'>,
  moved: number,
): string[] {
  return [
    ...(segments === undefined ? [] : segmentLines(segments)),
    featureLine(features, moved),
    comparedLine(segments, period, reference),
  ];
}

function segmentLines(found: SegmentFindings): string[] {
  const { worsened, weakest, tested, explained, mean } = found;
  const changed = explained === 'score' ? 'moved' : 'got worse';
  const first =
    mean.before === null
      ? []
      : [
          worsened.length === 0
            ? tested === 0
              ? 'Too little is known from before to compare segments.'
              : `None of ${tested} segments ${changed} more than the others.`
            : `Segments that ${changed}: ${worsened
                .slice(0, NAMED)
                .map((segment) => changeText(segment, found))
                .join('; ')}.`,
        ];
  const known = new Set(mean.before === null ? [] : worsened.map(({ segment }) => segment));
  const others = weakest.filter(({ segment }) => !known.has(segment)).slice(0, NAMED);
  return [
    ...first,
    ...shiftLine(found),
    ...(others.length === 0
      ? []
      : [
          `Weak${known.size === 0 ? '' : ' too'}: ${others.map((segment) => levelText(segment, found)).join('; ')}.`,
        ]),
  ];
}

function changeText(named: NamedSegment, found: SegmentFindings): string {
  const { segment, n, now, before, restNow, restBefore } = named;
  const change = (from: number | null, to: number | null): string =>
    `${number(from, found)} -> ${number(to, found)}${unit(found)}`;
  return `${name(segment)} ${change(before, now)} (n ${n}; all others ${change(restBefore, restNow)})`;
}

function levelText({ segment, n, now, restNow }: NamedSegment, found: SegmentFindings): string {
  const level = (value: number | null): string => number(value, found) + unit(found);
  return `${name(segment)} ${level(now)} (n ${n}; all others ${level(restNow)})`;
}

/** Of the feature whose values say most about where it happened. */
function shiftLine({ shifts: [shift], mean, explained }: SegmentFindings): string[] {
  if (shift === undefined || mean.before === null) return [];
  const { feature, mix, within, largest } = shift;
  const amount = (value: number): string => {
    const sign = value < 0 ? '-' : '+';
    const size = Math.abs(value);
    return sign + (explained === 'wrong' ? `${(size * 100).toFixed(1)}` : short(size));
  };
  const points = explained === 'wrong' ? ' points' : '';
  const part = largest === undefined ? '' : `, of which ${name(largest.segment)} ${amount(largest.within)}`;
  return [
    `Change ${amount(mean.now - mean.before)}${points}: a changed mix of ${name(feature)} ${amount(mix)}, change within its values ${amount(within)}${part}.`,
  ];
}

function featureLine(features: readonly MovedFeature[], moved: number): string {
  if (features.length === 0) return 'No feature moved beyond noise.';
  const texts = features.slice(0, NAMED).map(({ feature, psiAdjusted, scoreShift }) => {
    const score =
      scoreShift === undefined
        ? ''
        : `, score ${scoreShift < 0 ? '-' : '+'}${Math.abs(scoreShift).toFixed(2)} sd`;
    return `${name(feature)} (psi ${short(psiAdjusted)}${score})`;
  });
  const more = moved > texts.length ? ` and ${moved - texts.length} more` : '';
  return `Features that moved: ${texts.join(', ')}${more}; each by itself, they overlap.`;
}

function comparedLine(
  segments: SegmentFindings | undefined,
  period: Explanation['period'],
  reference: Explanation['reference'],
): string {
  const own = `Looked at ${periodText(period)}`;
  if (segments === undefined) return `${own}.`;
  const what = segments.explained === 'score' ? 'predictions' : 'labelled predictions';
  const count = (side: 'now' | 'before'): string => {
    const one = segments.sampled[side];
    return `${segments.n[side]} ${what}${one > 1 ? `, one in ${one}` : ''}`;
  };
  return reference === undefined || segments.n.before === 0
    ? `${own} (${count('now')}); there are none before to compare with.`
    : `${own} (${count('now')}), compared with ${periodText(reference)} (${count('before')}).`;
}

function number(value: number | null, { explained }: SegmentFindings): string {
  if (value === null) return 'n/a';
  return explained === 'wrong' ? percent(value) : short(value);
}

function unit({ explained }: SegmentFindings): string {
  return { wrong: ' % wrong', distance: ' off', score: '' }[explained];
}

function percent(share: number): string {
  return String(Number((share * 100).toPrecision(share >= 0.1 ? 3 : 2)));
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

function name(text: string): string {
  return clip(text, LONGEST_NAME);
}

/** `2026-11-22 08:00 to 2026-11-22 09:00 UTC` */
function periodText({ from, to }: Explanation['period']): string {
  const text = (instant: number): string => new Date(instant).toISOString().slice(0, 16).replace('T', ' ');
  return `${text(from)} to ${text(to)} UTC`;
}
