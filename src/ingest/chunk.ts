import type { Millis } from '../base/clock.ts';

const HOUR: Millis = 3_600_000;

/** How large a chunk may grow. The bounds of a chunk must depend on the log and on these numbers alone. */
export interface ChunkLimits {
  readonly maxRecords: number;
  /** Profiles (features times panes) that one chunk may touch; keeps memory bounded when event times scatter. */
  readonly maxProfiles: number;
  /** Minutes of event time, counted per model and version, that one chunk may touch; events without features count here. */
  readonly maxMinutes: number;
}

export const DEFAULT_CHUNK_LIMITS: ChunkLimits = {
  maxRecords: 100_000,
  maxProfiles: 10_000,
  maxMinutes: 250,
};

/**
 * A run of one partition's log. It starts at a committed offset and ends after `maxRecords` records, when the running
 * maximum of record timestamps enters a new hour, or when it touches `maxProfiles` profiles or `maxMinutes` minutes. So a chunk that is read
 * again, by whomever, has the same bounds, and its rows overwrite those of the first reading.
 */
export class Chunk {
  readonly start: number;
  readonly limits: ChunkLimits;
  #records = 0;
  #profiles = 0;
  #minutes = 0;
  #hour = Number.NEGATIVE_INFINITY;
  #end: number;

  constructor(start: number, limits: ChunkLimits) {
    this.start = start;
    this.limits = limits;
    this.#end = start;
  }

  /** True when a record with this timestamp belongs to the next chunk. */
  endsBefore(recordTime: Millis): boolean {
    if (this.#records === 0) return false;
    const { maxRecords, maxProfiles, maxMinutes } = this.limits;
    if (this.#records >= maxRecords || this.#profiles >= maxProfiles || this.#minutes >= maxMinutes)
      return true;
    return Math.floor(recordTime / HOUR) > this.#hour;
  }

  take(offset: number, recordTime: Millis): void {
    this.#records += 1;
    this.#end = offset + 1;
    this.#hour = Math.max(this.#hour, Math.floor(recordTime / HOUR));
  }

  /** Called once for each (model, version, pane) that the chunk meets, with the number of features of its first event. */
  touch(profiles: number): void {
    this.#minutes += 1;
    this.#profiles += profiles;
  }

  get records(): number {
    return this.#records;
  }

  /** The offset behind the last record taken. */
  get end(): number {
    return this.#end;
  }
}
