import { hull, type Interval, intersection, isEmpty } from './interval.ts';

/** What is known of the names of a condition at some place in it. What is not there can be anything. */
export interface Knowledge {
  readonly numbers: ReadonlyMap<string, Interval>;
  /** The values that a text can have. */
  readonly texts: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Undefined when nothing is left that the number could be. */
export function narrowNumber(known: Knowledge, name: string, to: Interval): Knowledge | undefined {
  const before = known.numbers.get(name);
  const after = before === undefined ? to : intersection(before, to);
  return isEmpty(after) ? undefined : { ...known, numbers: new Map(known.numbers).set(name, after) };
}

/** Undefined when nothing is left that the text could be. */
export function narrowText(
  known: Knowledge,
  name: string,
  allows: (value: string) => boolean,
  atMost?: Iterable<string>,
): Knowledge | undefined {
  const before = known.texts.get(name) ?? (atMost === undefined ? undefined : new Set(atMost));
  if (before === undefined) return known;
  const after = new Set([...before].filter(allows));
  return after.size === 0 ? undefined : { ...known, texts: new Map(known.texts).set(name, after) };
}

/** What is known when either of two things is. */
export function either(a: Knowledge | undefined, b: Knowledge | undefined): Knowledge | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const numbers = new Map<string, Interval>();
  for (const [name, interval] of a.numbers) {
    const other = b.numbers.get(name);
    if (other !== undefined) numbers.set(name, hull(interval, other));
  }
  const texts = new Map<string, ReadonlySet<string>>();
  for (const [name, values] of a.texts) {
    const others = b.texts.get(name);
    if (others !== undefined) texts.set(name, new Set([...values, ...others]));
  }
  return { numbers, texts };
}
