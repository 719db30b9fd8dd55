import { seededRandom } from '../../src/base/random.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import type { Subject } from '../../src/rules/subject.ts';
import { benjaminiHochberg } from '../../src/stats/hypothesis/benjamini-hochberg.ts';
import { type Drift, sourceOf } from './drift.ts';
import type { Alarms } from './driftd.ts';
import { DRIFTD, DRIFTD_FOR, type Extent, REFERENCE_ROWS } from './false-alarms.ts';
import { firesIn, RUN } from './fires.ts';
import { PUBLISHED } from './published-defaults.ts';
import { drawColumn, MIXED, type Source } from './source.ts';
import { Tally } from './tally.ts';
import { World } from './world.ts';

export const SIGNIFICANT = 'q < 0.01';
/** Were the Kolmogorov-Smirnov test the only one for numbers. */
export const SIGNIFICANT_KS = 'q < 0.01, KS alone';

/** The share of windows in which a drift of one feature of twenty is found: an alarm on that feature. */
export function found(
  group: RuleGroup,
  drifts: readonly Drift[],
  sizes: readonly number[],
  { references, windows, publishedAt = sizes }: Extent,
  seed: number,
  onWindow: () => void,
): ReadonlyMap<Drift, Tally> {
  const tallies = new Map(drifts.map((drift) => [drift, new Tally()]));
  for (let reference = 0; reference < references; reference += 1) {
    const random = seededRandom(seed * 1_000 + reference);
    const world = new World(group, MIXED, REFERENCE_ROWS, random);
    for (const size of sizes) {
      const column = String(size);
      const runs = new Map(drifts.map((drift) => [drift, [] as Alarms[]]));
      for (let window = 0; window < windows; window += 1) {
        const still = world.draw(size, random);
        const profiles = world.driftd.profiles(still);
        for (const [drift, tally] of tallies) {
          const { feature } = drift;
          const { name } = MIXED[feature] as Source;
          const values = drawColumn(sourceOf(drift), size, random);
          const drifted = world.driftd.profilesWith(profiles, still.with(feature, values), feature);
          const subjects = world.subjects(drifted, size);
          const alarms = world.driftd.alarms(subjects);
          tally.add(DRIFTD, column, alarms.get(name)?.length !== 0);
          addSignificance(tally, column, subjects, name);
          const run = runs.get(drift) ?? [];
          run.push(alarms);
          if (run.length === RUN) tally.add(DRIFTD_FOR, column, firesIn(group, run.splice(0), name));
          if (!publishedAt.includes(size)) continue;
          const published = world.published[feature];
          const answers = published?.verdicts(values, published.chunkLimit(size)) ?? [];
          PUBLISHED.forEach((method, m) => {
            tally.add(method.name, column, answers[m]);
          });
        }
        onWindow();
      }
    }
  }
  return tallies;
}

/** Whether a feature is significant among all, as driftd tests it, and with another test of the numbers. */
function addSignificance(tally: Tally, size: string, subjects: readonly Subject[], name: string): void {
  const position = subjects.findIndex(({ feature }) => feature === name);
  const q = subjects[position]?.metrics.get('q_value');
  tally.add(SIGNIFICANT, size, q?.status === 'ok' && q.value < 0.01);
  const pValues = subjects.map(({ metrics }) => {
    const ks = metrics.get('ks');
    const p = metrics.get('p_value');
    if (ks?.status === 'ok' && ks.pValue !== undefined) return ks.pValue;
    return p?.status === 'ok' ? p.value : 1;
  });
  tally.add(SIGNIFICANT_KS, size, (benjaminiHochberg(pValues)[position] as number) < 0.01);
}
