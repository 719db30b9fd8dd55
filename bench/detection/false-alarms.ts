import { seededRandom } from '../../src/base/random.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Alarms } from './driftd.ts';
import { firesIn, RUN } from './fires.ts';
import { PUBLISHED } from './published-defaults.ts';
import type { Column, Source } from './source.ts';
import { Tally } from './tally.ts';
import { World } from './world.ts';

export const REFERENCE_ROWS = 5_000;

/** Single windows: what the conditions of the rules say by themselves. */
export const DRIFTD = 'driftd';
/** Three windows in a row: whether an alert fires in them, with the `for` of the rules. */
export const DRIFTD_FOR = 'driftd, in three';

/** How much to draw. Windows that share a reference are not independent, so there are several references. */
export interface Extent {
  readonly references: number;
  /** For each reference and size. */
  readonly windows: number;
  /** The sizes at which the published defaults are asked, too: all, if nothing is said. */
  readonly publishedAt?: readonly number[];
}

export interface FalseAlarms {
  /** Rows: methods. Columns: sizes. */
  readonly any: Tally;
  /** The same for each of driftd's rules. */
  readonly byRule: Tally;
}

/** The share of windows with any alarm over all features, where nothing has changed. */
export function falseAlarms(
  group: RuleGroup,
  sources: readonly Source[],
  sizes: readonly number[],
  { references, windows, publishedAt = sizes }: Extent,
  seed: number,
  onWindow: () => void,
): FalseAlarms {
  const any = new Tally();
  const byRule = new Tally();
  for (let reference = 0; reference < references; reference += 1) {
    const random = seededRandom(seed * 1_000 + reference);
    const world = new World(group, sources, REFERENCE_ROWS, random);
    for (const size of sizes) {
      const column = String(size);
      const run: Alarms[] = [];
      for (let window = 0; window < windows; window += 1) {
        const columns = world.draw(size, random);
        const alarms = world.driftd.alarms(world.subjects(world.driftd.profiles(columns), size));
        const names = [...alarms.values()].flat();
        any.add(DRIFTD, column, names.length > 0);
        for (const { alert } of group.rules) byRule.add(alert, column, names.includes(alert));
        run.push(alarms);
        if (run.length === RUN) {
          any.add(DRIFTD_FOR, column, firesIn(group, run.splice(0)));
        }
        if (publishedAt.includes(size)) addPublished(any, column, world, columns);
        onWindow();
      }
    }
  }
  return { any, byRule };
}

function addPublished(tally: Tally, size: string, { published }: World, columns: readonly Column[]): void {
  const verdicts = columns.map((values, i) => {
    const reference = published[i];
    return reference?.verdicts(values, reference.chunkLimit(Number(size)));
  });
  PUBLISHED.forEach(({ name }, m) => {
    const known = verdicts.flatMap((verdict) => verdict?.[m] ?? []);
    tally.add(name, size, known.length === 0 ? undefined : known.includes(true));
  });
}
