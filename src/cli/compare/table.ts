import { styleText } from 'node:util';
import { blockPicture } from '../../metrics/block-picture.ts';
import type { MetricResult } from '../../metrics/result.ts';
import type { MetricName } from '../../metrics/table.ts';
import type { ComparedFeature, Comparison } from '../../pipeline/compare/comparison.ts';
import { numberText, pValueText, shareText } from './number-text.ts';
import { performanceLines } from './performance-table.ts';
import { counted, OF_A_NOTE, plainFileText } from './plain-text.ts';
import { cut, fitted, textWidth } from './text-width.ts';
import { verdictLine } from './verdict.ts';

export interface TableStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colours: boolean;
}

/** Features that are shown; those behind them moved least. */
const SHOWN = 100;
/** Lines are no longer than this, however wide the terminal: the eye has to find the way from left to right. */
const [NARROWEST, WIDEST] = [72, 120];
const PICTURE = { narrowest: 12, widest: 24 } as const;
/** From this width on there is room for the kind. */
const WITH_KIND = 100;
const KIND = 11;
/** What a name has at least; behind it there is room for the picture. */
const NAME = 17;
/** Effect, psi, q-value and the shares of missing values. */
const NUMBERS = [6, 6, 8, 15] as const;

type Paint = (text: string) => string;

interface Layout {
  readonly name: number;
  /** 0 where there is no room for it. */
  readonly kind: number;
  readonly picture: number;
  /** Width of a line up to the picture. */
  readonly left: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
}

/** A comparison for a terminal: what moved most first, two lines a feature, with both distributions in block characters. */
export function comparisonTable(comparison: Comparison, style: TableStyle): string {
  const { reference, current, features, multivariate, performance, notes } = comparison;
  const layout = layoutFor(style);
  const shown = features.slice(0, SHOWN);
  const lines = [
    ...[['reference', reference] as const, ['current', current] as const].map(
      ([name, { file, rows }]) =>
        `${layout.dim(name.padEnd(9))}  ${plainFileText(file)}, ${counted(rows, 'row')}`,
    ),
    '',
    layout.dim(heading(layout)),
    ...shown.flatMap((feature) => featureLines(feature, layout)),
    ...(features.length > SHOWN
      ? [layout.dim(`  and ${counted(features.length - SHOWN, 'feature')} that moved less`)]
      : []),
    ...(multivariate === undefined ? [] : featureLines(multivariate, layout)),
    ...(performance === undefined ? [] : ['', ...performanceLines(performance, layout.dim)]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `note: ${plainFileText(note, OF_A_NOTE)}`)]),
    '',
    layout.bold(verdictLine(comparison)),
  ];
  return lines.map((line) => line.trimEnd()).join('\n');
}

function layoutFor({ width, colours }: TableStyle): Layout {
  const whole = Math.min(WIDEST, Math.max(NARROWEST, width));
  const numbers = NUMBERS.reduce((sum, column) => sum + column + 1, 0);
  const paint =
    (style: Parameters<typeof styleText>[0]): Paint =>
    (text) =>
      colours ? styleText(style, text, { validateStream: false }) : text;
  const kind = whole >= WITH_KIND ? KIND + 1 : 0;
  // Two columns are the mark in front of the name, and two the space in front of the picture.
  const room = whole - 4 - kind - numbers;
  const picture = Math.min(PICTURE.widest, Math.max(PICTURE.narrowest, room - NAME));
  const left = whole - picture - 2;
  return {
    name: room - picture,
    kind,
    picture,
    left,
    bold: paint('bold'),
    dim: paint('dim'),
    red: paint('red'),
  };
}

function heading(layout: Layout): string {
  const titles = ['effect', 'psi', 'q-value', 'missing'].map((title, i) => title.padStart(NUMBERS[i] ?? 0));
  const kind = layout.kind === 0 ? '' : 'kind'.padEnd(layout.kind);
  const over = layout.picture < PICTURE.widest ? 'ref above cur' : 'reference above current';
  return `  ${fitted('feature', layout.name)} ${kind}${titles.join(' ')}  ${cut(over, layout.picture)}`;
}

/** One line of numbers with the reference's picture, and one of words with the current one's. */
function featureLines(feature: ComparedFeature, layout: Layout): string[] {
  const { left, bold, dim, red } = layout;
  const { metrics, drifted, picture, kind, alerts, change, reason } = feature;
  const title = fitted(titleOf(feature), layout.name);
  const numbers = [
    numberCell(metrics.get('effect_size')),
    numberCell(metrics.get('psi')),
    pValueCell(metrics.get('q_value')),
    missingCell(feature),
  ].map((cell, i) => cell.padStart(NUMBERS[i] ?? 0));
  const [above, below] =
    picture === undefined
      ? ['', '']
      : blockPicture(picture, { width: layout.picture, apart: kind === 'categorical' });
  const first = `${drifted ? red('!') : ' '} ${drifted ? bold(title) : title} ${kind.padEnd(layout.kind).slice(0, layout.kind)}${numbers.join(' ')}`;
  const alarm = alerts.length === 0 ? '' : `${alerts.join(', ')}: `;
  const words = cut(
    alarm +
      plainFileText([reason, change].filter((part) => part !== null && part !== undefined).join('; ') || ' '),
    left - 4,
  );
  const told = alarm !== '' && words.startsWith(alarm) ? red(alarm) + words.slice(alarm.length) : dim(words);
  return [
    `${first}  ${dim(above)}`,
    `    ${told}${' '.repeat(Math.max(0, left - 4 - textWidth(words)))}  ${drifted ? red(below) : below}`,
  ];
}

function titleOf({ name, role }: ComparedFeature): string {
  if (role === 'multivariate') return '(numbers together)';
  return role === 'feature' || name === role ? plainFileText(name) : `${plainFileText(name)} (${role})`;
}

function numberCell(result: MetricResult | undefined): string {
  if (result?.status !== 'ok') return '–';
  return result.value > 0 && result.value < 0.001 ? '<0.001' : numberText(result.value, 2);
}

function pValueCell(result: MetricResult | undefined): string {
  return result?.status === 'ok' ? pValueText(result.value).replace(' ', '') : '–';
}

function missingCell({ metrics, referenceMetrics }: ComparedFeature): string {
  const share = (results: ReadonlyMap<MetricName, MetricResult>): string => {
    const result = results.get('missing_share');
    return result?.status === 'ok' ? shareText(result.value).replace(' ', '') : '–';
  };
  const [before, now] = [share(referenceMetrics), share(metrics)];
  return before === now ? now : `${before} → ${now}`;
}
