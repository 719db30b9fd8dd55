import type { Output } from './output.ts';
import { visibleText } from './visible-text.ts';

/** Prints one line for people. Names in it may come from events, and say whatever a producer likes: they stay within that line. */
export function printLine({ print }: Pick<Output, 'print'>, line: string): void {
  print(visibleText(line));
}
