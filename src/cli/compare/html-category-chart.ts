import type { Picture } from '../../metrics/picture.ts';
import { fileText } from './html-text.ts';
import { shareText } from './number-text.ts';

/** Categories that get a line of their own: those that moved most, and then the largest. */
const MOVED = 6;
const LINES = 14;

interface Line {
  readonly label: string;
  readonly reference: number;
  readonly current: number;
}

/** The shares of categories in both tables: bars side by side with their names, and the numbers beside them. */
export function categoryChart(picture: Picture): string {
  const { shown, rest } = chosenLines(picture);
  const top = Math.max(1e-9, ...shown.flatMap(({ reference, current }) => [reference, current]));
  const lines = shown.map(
    ({ label, reference, current }) =>
      `<tr><th scope="row">${fileText(label)}</th><td class="bars">${bars(reference / top, current / top)}</td><td class="num">${shareText(reference)}</td><td class="num">${shareText(current)}</td></tr>`,
  );
  if (rest.length > 0) {
    const sum = (side: 'reference' | 'current'): string =>
      shareText(rest.reduce((total, line) => total + line[side], 0));
    lines.push(
      `<tr class="rest"><th scope="row">all others</th><td></td><td class="num">${sum('reference')}</td><td class="num">${sum('current')}</td></tr>`,
    );
  }
  return `<table class="categories"><caption class="unseen">Share of values by category</caption><thead><tr><th scope="col">category</th><td></td><th scope="col" class="num">reference</th><th scope="col" class="num">current</th></tr></thead><tbody>${lines.join('')}</tbody></table>`;
}

/** The categories that a small picture has room for, in the same order as the large one. */
export function largestCategories(picture: Picture, most: number): Picture {
  const lines = chosenLines(picture).shown.slice(0, most);
  return {
    labels: lines.map(({ label }) => label),
    reference: lines.map(({ reference }) => reference),
    current: lines.map(({ current }) => current),
  };
}

function chosenLines({ labels, reference, current }: Picture): { shown: Line[]; rest: Line[] } {
  const lines = labels.map((label, i) => ({
    label,
    reference: reference[i] ?? 0,
    current: current[i] ?? 0,
  }));
  const size = (line: Line): number => Math.max(line.reference, line.current);
  const moved = (line: Line): number => Math.abs(line.current - line.reference);
  // What the picture already has as its rest is no category.
  const named = labels.at(-1) === '(other)' ? lines.slice(0, -1) : lines;
  const movers = named.toSorted((a, b) => moved(b) - moved(a)).slice(0, MOVED);
  const largest = named.toSorted((a, b) => size(b) - size(a));
  const chosen = new Set([...new Set([...movers, ...largest])].slice(0, LINES));
  return {
    shown: largest.filter((line) => chosen.has(line)),
    rest: lines.filter((line) => !chosen.has(line)),
  };
}

function bars(reference: number, current: number): string {
  const width = (share: number): string => `${Math.round(share * 1000) / 10}%`;
  return `<svg width="100%" height="22" aria-hidden="true"><rect class="ref" x="1" y="1" width="${width(reference * 0.99)}" height="9"/><rect class="cur" x="1" y="12" width="${width(current * 0.99)}" height="9"/></svg>`;
}
