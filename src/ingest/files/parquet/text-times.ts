import type { NumberVector } from '../column-batch.ts';
import { isoTimeOfText } from '../iso-time.ts';
import type { TextTarget } from './text-target.ts';

/** Reads texts as dates and timestamps, each distinct one once. */
export class TextTimes {
  readonly #texts: TextTarget;
  readonly #values: Float64Array;

  constructor(texts: TextTarget, capacity: number) {
    this.#texts = texts;
    this.#values = new Float64Array(capacity);
  }

  vector(rows: number): NumberVector {
    const { codes, dictionary } = this.#texts.vector();
    const times = dictionary.map(isoTimeOfText);
    const values = this.#values;
    let missing = 0;
    let invalid = 0;
    let invalidExample: string | undefined;
    for (let row = 0; row < rows; row += 1) {
      const code = codes[row] as number;
      const time = times[code] ?? Number.NaN;
      values[row] = time;
      if (!Number.isNaN(time)) continue;
      if (code === -1) {
        missing += 1;
      } else {
        invalid += 1;
        invalidExample ??= dictionary[code];
      }
    }
    return { type: 'numbers', values, missing, invalid, invalidExample };
  }
}
