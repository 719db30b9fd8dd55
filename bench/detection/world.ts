import type { Random } from '../../src/base/random.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Subject } from '../../src/rules/subject.ts';
import { Driftd, type WindowProfiles } from './driftd.ts';
import { PublishedReference } from './published-defaults.ts';
import { type Column, drawColumn, type Source } from './source.ts';

const MINUTE = 60_000;

/** A reference of independent rows, as every method sees it. */
export class World {
  readonly driftd: Driftd;
  readonly published: readonly PublishedReference[];
  readonly #sources: readonly Source[];

  constructor(group: RuleGroup, sources: readonly Source[], rows: number, random: Random) {
    this.#sources = sources;
    const reference = this.draw(rows, random);
    this.driftd = new Driftd(group, sources, reference, (row) => row * MINUTE);
    this.published = sources.map((source, i) => new PublishedReference(source, reference[i] as Column));
  }

  /** Rows come one a minute. */
  subjects(profiles: WindowProfiles, rows: number): Subject[] {
    return this.driftd.subjects(profiles, { from: 0, to: rows * MINUTE });
  }

  draw(rows: number, random: Random): Column[] {
    return this.#sources.map((source) => drawColumn(source, rows, random));
  }
}
