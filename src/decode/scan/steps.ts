import { type Layout, ROOT, type Step } from './layout.ts';

/** Objects in one another; whoever nests deeper is read by JSON.parse. */
const MAX_DEPTH = 16;
/** Longer names are not learned: there may be many. */
const MAX_NAME = 1_024;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const OPEN_LIST = 0x5b;
const COMMA = 0x2c;

/**
 * Takes a message apart into its values and what lies between them. It must be an object that JSON.parse takes: nothing is
 * checked a second time.
 *
 * @returns undefined for messages that are not learned: with lists, with keys that are long or have escapes, or
 *   nested too deeply.
 */
export function stepsOf(layout: Layout, bytes: Buffer): Step[] | undefined {
  const end = bytes.length;
  const steps: Step[] = [];
  let at = 0;
  let gap = 0;
  let opens: number[] = [];

  const skipSpace = (): void => {
    while (at < end && (bytes[at] as number) <= 0x20) at += 1;
  };
  /** Moves from an opening quote to behind the closing one. @returns whether there are escapes between them. */
  const skipString = (): boolean => {
    let hasEscapes = false;
    for (at += 1; bytes[at] !== QUOTE; at += 1) {
      if (bytes[at] === BACKSLASH) {
        hasEscapes = true;
        at += 1;
      }
    }
    at += 1;
    return hasEscapes;
  };
  const readValue = (position: number, depth: number): boolean => {
    const first = bytes[at];
    if (first === OPEN) {
      opens.push(position);
      return depth < MAX_DEPTH && readObject(position, depth + 1);
    }
    if (first === OPEN_LIST) return false;
    steps.push({ from: gap, to: at, opens, position });
    opens = [];
    if (first === QUOTE) skipString();
    else while ((bytes[at] as number) > 0x20 && bytes[at] !== COMMA && bytes[at] !== CLOSE) at += 1;
    gap = at;
    return true;
  };
  const readObject = (parent: number, depth: number): boolean => {
    at += 1;
    skipSpace();
    while (bytes[at] !== CLOSE) {
      const nameBegin = at + 1;
      if (skipString() || at - nameBegin > MAX_NAME) return false;
      const position = layout.addChild(parent, bytes.toString('utf8', nameBegin, at - 1));
      if (position < 0) return false;
      skipSpace();
      // The colon.
      at += 1;
      skipSpace();
      if (!readValue(position, depth)) return false;
      skipSpace();
      if (bytes[at] === COMMA) {
        at += 1;
        skipSpace();
      }
    }
    at += 1;
    return true;
  };

  skipSpace();
  opens.push(ROOT);
  if (bytes[at] !== OPEN || !readObject(ROOT, 1)) return undefined;
  steps.push({ from: gap, to: end, opens, position: undefined });
  return steps;
}
