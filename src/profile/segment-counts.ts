import { type AdmitsCategory, type CompactLayout, CompactProfiles } from './compact-profiles.ts';
import type { CountedRow } from './counted-row.ts';

/** What has been counted of the slices of one population, by their position. */
export class SegmentCounts {
  readonly #layout: CompactLayout;
  readonly #mayBegin: () => boolean;
  readonly #profiles: Array<CompactProfiles | undefined>;
  readonly #changed = new Set<number>();

  /** @param mayBegin asked before a slice takes memory; where it says no, the event is not counted in that slice. */
  constructor(layout: CompactLayout, slices: number, mayBegin: () => boolean) {
    this.#layout = layout;
    this.#mayBegin = mayBegin;
    this.#profiles = new Array<CompactProfiles | undefined>(slices).fill(undefined);
  }

  add(slice: number, row: CountedRow, admits: AdmitsCategory): void {
    let profiles = this.#profiles[slice];
    if (profiles === undefined) {
      if (!this.#mayBegin()) return;
      profiles = new CompactProfiles(this.#layout);
      this.#profiles[slice] = profiles;
    }
    profiles.add(row, row.cells.length, admits);
    this.#changed.add(slice);
  }

  get hasChanged(): boolean {
    return this.#changed.size > 0;
  }

  /** The slices that have changed since the last call, in order. */
  *drain(): Generator<[slice: number, profiles: CompactProfiles], void, undefined> {
    for (const slice of [...this.#changed].sort((a, b) => a - b))
      yield [slice, this.#profiles[slice] as CompactProfiles];
    this.#changed.clear();
  }
}
