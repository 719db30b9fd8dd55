import type { Picture } from './picture.ts';

const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;

/**
 * Both distributions of a picture in block characters, one line each; cells and heights are the same in both.
 *
 * @param apart for categories, which have no order that would join them: bars stand apart where there is room, and the last
 *   ones are left out where there is none. Of numbers, neighbours are drawn as one.
 */
export function blockPicture(
  { reference, current }: Picture,
  { width, apart }: { readonly width: number; readonly apart: boolean },
): readonly [reference: string, current: string] {
  const [before, now] = [reference, current].map((shares) =>
    apart ? shares.slice(0, width) : joined(shares, width),
  ) as [number[], number[]];
  const top = Math.max(...before, ...now);
  const gap = apart && before.length * 2 - 1 <= width ? ' ' : '';
  const line = (shares: readonly number[]): string => shares.map((share) => bar(share / top)).join(gap);
  return [line(before), line(now)];
}

/** At most so many cells, each the sum of as many neighbours. */
function joined(shares: readonly number[], width: number): number[] {
  const each = Math.ceil(shares.length / width);
  return Array.from({ length: Math.ceil(shares.length / each) }, (_, i) =>
    shares.slice(i * each, (i + 1) * each).reduce((sum, share) => sum + share, 0),
  );
}

/** @param height 0 to 1; the least there is has a bar, so that it differs from nothing. */
function bar(height: number): string {
  if (!(height > 0)) return ' ';
  return BLOCKS[Math.max(0, Math.ceil(height * BLOCKS.length) - 1)] ?? '█';
}
