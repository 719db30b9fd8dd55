import { parseDuration } from '../base/duration.ts';

/** A condition in which CEL can read the durations: each has become a name of the same length. */
export interface ReadableText {
  readonly text: string;
  /** Seconds, by the name that stands for them. */
  readonly durations: ReadonlyMap<string, number>;
}

/** Texts in quotes, which are left alone, or something that looks like a duration. */
const QUOTED_OR_DURATION =
  /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?<![\w.])(\d+(?:ms|[wdhms])(?:\d+(?:ms|[wdhms]))*)(?!\w)/g;

/** Letters for the first digit. No name of ours has capitals. */
const LETTERS = 'ABCDEFGHIJ';

/**
 * CEL writes durations as `duration("168h")`, which nobody who knows Prometheus expects. So `7d` is read as a number of
 * seconds; since places in messages have to stay where they are, by way of a name that is as long.
 *
 * @example readDurations('age > 7d') // { text: 'age > Hd', durations: Map { 'Hd' => 604800 } }
 */
export function readDurations(text: string): ReadableText {
  const durations = new Map<string, number>();
  const readable = text.replace(QUOTED_OR_DURATION, (all, quoted: string | undefined, duration?: string) => {
    const millis = quoted === undefined && duration !== undefined ? parseDuration(duration) : undefined;
    if (millis === undefined) return all;
    const name = `${LETTERS[Number(all[0])]}${all.slice(1)}`;
    durations.set(name, millis / 1000);
    return name;
  });
  return { text: readable, durations };
}
