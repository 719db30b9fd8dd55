import { escapeHtml } from '../../base/escape-html.ts';
import type { Picture } from '../../metrics/picture.ts';
import { shareText } from './number-text.ts';
import { plainFileText } from './plain-text.ts';

/** The plot in its own units. Across it is stretched to the page; down, a unit is a pixel. */
const WIDTH = 640;
const HEIGHT = 200;
const ABOVE = 20;
const BELOW = 22;

/** Each cell can be pointed at for its numbers, unless there are too many to hit. */
const MOST_HOVERED = 100;

/**
 * The two distributions of a numeric feature over the same cells, one above the other: the current one filled, the
 * reference hatched inside an outline. It is as wide as its place, and its texts do not stretch.
 */
export function numericChart(picture: Picture, description: string): string {
  const top = niceTop(Math.max(0, ...picture.reference, ...picture.current));
  const gaps = isDiscrete(picture.labels);
  const path = (shares: readonly number[]): string => steps(shares, WIDTH, HEIGHT, top, gaps);
  const half = ABOVE + HEIGHT / 2;
  const bottom = ABOVE + HEIGHT;
  return `<svg class="chart" role="img" width="100%" height="${bottom + BELOW}">
<title>Distribution of the reference (outline) and of the current table (filled)</title>
<desc>${escapeHtml(description)}</desc>
<line class="grid" x1="0" x2="100%" y1="${ABOVE}" y2="${ABOVE}"/><line class="grid" x1="0" x2="100%" y1="${half}" y2="${half}"/>
<svg y="${ABOVE}" width="100%" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none">
<path class="cur" d="${path(picture.current)}"/><path class="ref" d="${path(picture.reference)}"/>${hovered(picture)}</svg>
<line class="axis" x1="0" x2="100%" y1="${bottom}" y2="${bottom}"/>
<text y="${ABOVE - 5}">${shareText(top)} of values</text><text y="${half - 5}">${shareText(top / 2)}</text>
${ticks(picture.labels, bottom)}</svg>`;
}

/** Both distributions in the size of a word, for a row of a table. */
export function miniChart(picture: Picture, kind: 'numeric' | 'categorical', title: string): string {
  const width = 120;
  const height = 26;
  const top = Math.max(1e-9, ...picture.reference, ...picture.current);
  const gap = kind === 'categorical' || isDiscrete(picture.labels);
  const path = (shares: readonly number[]): string => steps(shares, width, height, top, gap);
  return `<svg class="mini" role="img" viewBox="0 -1 ${width} ${height + 2}" preserveAspectRatio="none"><title>${escapeHtml(title)}</title><path class="cur" d="${path(picture.current)}"/><path class="ref" d="${path(picture.reference)}"/></svg>`;
}

/** The outline of a histogram; with gaps, of bars that stand apart. */
function steps(shares: readonly number[], width: number, height: number, top: number, gaps = false): string {
  const at = (cell: number): number => round((cell * width) / shares.length);
  const gap = gaps ? Math.min(2, width / shares.length / 4) : 0;
  let path = `M0 ${height}`;
  shares.forEach((share, cell) => {
    const y = round(height - (share / top) * height);
    path += gaps
      ? `M${round(at(cell) + gap)} ${height}V${y}H${round(at(cell + 1) - gap)}V${height}Z`
      : `V${y}H${at(cell + 1)}`;
  });
  return gaps ? path : `${path}V${height}Z`;
}

function hovered({ labels, reference, current }: Picture): string {
  if (labels.length > MOST_HOVERED) return '';
  const width = WIDTH / labels.length;
  const cells = labels.map((label, i) => {
    const shares = `reference ${shareText(reference[i] ?? 0)}, current ${shareText(current[i] ?? 0)}`;
    return `<rect x="${round(i * width)}" width="${round(width)}" height="${HEIGHT}"><title>${escapeHtml(`${plainFileText(label)}: ${shares}`)}</title></rect>`;
  });
  return `<g class="cells">${cells.join('')}</g>`;
}

/** A few values along the axis, read off the labels of the cells. */
function ticks(labels: readonly string[], bottom: number): string {
  const marks = isDiscrete(labels) ? pointMarks(labels) : boundMarks(labels);
  return marks
    .map(({ at, text, wide }, i) => {
      const x = round((at / labels.length) * 100);
      const anchor = x < 6 ? 'start' : x > 94 ? 'end' : 'middle';
      // Every second one would touch its neighbours on a telephone.
      const between = wide && i % 2 === 1 ? ' class="between"' : '';
      return `<line class="axis" x1="${x}%" x2="${x}%" y1="${bottom}" y2="${bottom + 4}"/><text${between} x="${x}%" y="${bottom + 18}" text-anchor="${anchor}">${escapeHtml(plainFileText(text))}</text>`;
    })
    .join('');
}

interface Mark {
  /** Position in cells from the left. */
  readonly at: number;
  readonly text: string;
  readonly wide: boolean;
}

/** True for cells that hold one value each, such as a number of children: drawn as bars that stand apart. */
function isDiscrete(labels: readonly string[]): boolean {
  return labels.some((label) => boundsOf(label) === undefined);
}

function pointMarks(labels: readonly string[]): Mark[] {
  const longest = Math.max(...labels.map(({ length }) => length));
  const every = Math.ceil(labels.length / (longest > 4 ? 5 : 12));
  return labels.flatMap((text, i) => (i % every === 0 ? [{ at: i + 0.5, text, wide: longest > 2 }] : []));
}

function boundMarks(labels: readonly string[]): Mark[] {
  // An open cell at an end has no outer bound to show.
  const first = boundsOf(labels[0] ?? '')?.low === undefined ? 1 : 0;
  const last = labels.length - (boundsOf(labels.at(-1) ?? '')?.high === undefined ? 1 : 0);
  const parts = Math.min(4, last - first);
  if (parts <= 0) return [];
  return Array.from({ length: parts + 1 }, (_, i) => {
    const at = first + Math.round((i * (last - first)) / parts);
    const text = boundsOf(labels[at] ?? '')?.low ?? boundsOf(labels[at - 1] ?? '')?.high ?? '';
    return { at, text, wide: parts === 4 };
  });
}

/** What lies between the two bounds of `3 .. 4`, `up to 3` or `above 4`. */
function boundsOf(label: string): { low: string | undefined; high: string | undefined } | undefined {
  const found = /^(?:up to (?<end>.+)|above (?<start>.+)|(?<low>.+) \.\. (?<high>.+))$/.exec(label)?.groups;
  if (found === undefined) return undefined;
  return { low: found['low'] ?? found['start'], high: found['high'] ?? found['end'] };
}

/** The next share above that halves into round percentages. */
function niceTop(largest: number): number {
  if (!(largest > 0)) return 1;
  const unit = 10 ** Math.floor(Math.log10(largest));
  const step = [1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10].find((each) => each * unit >= largest * (1 - 1e-9)) ?? 10;
  return Math.min(1, step * unit);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
