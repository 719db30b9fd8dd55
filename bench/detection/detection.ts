import { progressBar } from '../../src/cli/progress.ts';
import type { RuleGroup } from '../../src/rules/rule.ts';
import { DRIFTS, OTHER_DRIFTS } from './drift.ts';
import { shippedFeatureRules } from './driftd.ts';
import { DRIFTD, DRIFTD_FOR, type Extent, falseAlarms, REFERENCE_ROWS } from './false-alarms.ts';
import { found, SIGNIFICANT, SIGNIFICANT_KS } from './found.ts';
import { markdownTable } from './markdown.ts';
import { course } from './over-time.ts';
import { delayTable, falseAlarmsOfFeatures, falseAlarmsOverTime } from './over-time-tables.ts';
import { PUBLISHED } from './published-defaults.ts';
import { BY_KIND, MIXED } from './source.ts';
import { sharesTable } from './tally.ts';
import { BASELINE_DAYS, DAY_HOURS, DRIFT_DAY, LIVE_DAYS, RAMP_DAYS } from './time-series.ts';

const SIZES = [50, 100, 200, 500, 1_000, 5_000];
const COLUMNS = SIZES.map(String);
const KIND_SIZES = [50, 200, 1_000, 5_000];
const KIND_COLUMNS = KIND_SIZES.map(String);
/** The size at which the methods are compared where one has to do. */
const ONE_SIZE = 1_000;
const NAMES = PUBLISHED.map(({ name }) => name);

interface Effort {
  readonly still: Extent;
  readonly kinds: Extent;
  readonly drifts: Extent;
  readonly courses: number;
}

const FULL: Effort = {
  still: { references: 20, windows: 51 },
  kinds: { references: 12, windows: 24, publishedAt: [ONE_SIZE] },
  drifts: { references: 60, windows: 6 },
  courses: 3,
};
const QUICK: Effort = {
  still: { references: 4, windows: 15 },
  kinds: { references: 2, windows: 9, publishedAt: [ONE_SIZE] },
  drifts: { references: 4, windows: 9 },
  courses: 1,
};

/**
 * How good alarms are: how often they are false, and how soon they are true. Prints Markdown tables; the same seeds give
 * the same tables.
 *
 * @param args `--quick` for a look at it in a minute.
 */
export async function detectionBench(args: readonly string[]): Promise<void> {
  const effort = args.includes('--quick') ? QUICK : FULL;
  const group = shippedFeatureRules();
  print('# The quality of alarms', legend(group));
  printStill(group, effort.still);
  printKinds(group, effort.kinds);
  printDrifts(group, effort.drifts);
  printOverTime(group, effort.courses);
}

function legend({ rules }: RuleGroup): string {
  return [
    'Methods:\n',
    `- ${DRIFTD}: the condition of any shipped rule about features (${rules.map(({ alert }) => alert).join(', ')}) holds in one window`,
    `- ${DRIFTD_FOR}: an alert fires in three windows in a row, with the \`for\` of the rules`,
    '- the others: our own re-implementation of published defaults, each feature by itself, on exact samples, without missing values',
    ...PUBLISHED.map(({ name, meaning }) => `- ${name}: ${meaning}`),
  ].join('\n');
}

function printStill(group: RuleGroup, extent: Extent): void {
  const { any, byRule } = withBar('no drift', rounds(extent) * SIZES.length, (tick) =>
    falseAlarms(group, MIXED, SIZES, extent, 1, tick),
  );
  print(
    '## No drift: windows with any alarm',
    `20 features (normal, lognormal, categories of one probability, heavy-tailed, integer; four each), ${REFERENCE_ROWS} reference ` +
      `rows; ${rounds(extent)} windows of each size, against ${extent.references} references. Columns: rows in a window.`,
    sharesTable('method', any, [DRIFTD, DRIFTD_FOR, ...NAMES], COLUMNS),
    'driftd by rule, single windows:',
    sharesTable(
      'rule',
      byRule,
      group.rules.map(({ alert }) => alert),
      COLUMNS,
    ),
  );
}

function printKinds(group: RuleGroup, extent: Extent): void {
  const kinds = withBar('no drift, by kind', rounds(extent) * KIND_SIZES.length * BY_KIND.size, (tick) =>
    [...BY_KIND].map(
      ([kind, sources], i) =>
        [kind, falseAlarms(group, sources, KIND_SIZES, extent, 10 + i, tick).any] as const,
    ),
  );
  print(
    '## No drift, all twenty features of one kind',
    `${rounds(extent)} windows each, against ${extent.references} references. driftd, single windows; columns: rows in a window.`,
    markdownTable(
      ['kind', ...KIND_COLUMNS],
      kinds.map(([kind, any]) => [kind, ...KIND_COLUMNS.map((size) => any.percent(DRIFTD, size))]),
    ),
    `All methods at ${ONE_SIZE} rows:`,
    markdownTable(
      ['kind', DRIFTD, ...NAMES],
      kinds.map(([kind, any]) => [
        kind,
        ...[DRIFTD, ...NAMES].map((method) => any.percent(method, String(ONE_SIZE))),
      ]),
    ),
  );
}

function printDrifts(group: RuleGroup, extent: Extent): void {
  const drifts = withBar('drift', rounds(extent) * SIZES.length, (tick) =>
    found(group, DRIFTS, SIZES, extent, 2, tick),
  );
  print(
    '## Drift of one feature of twenty: windows in which it is found',
    `An alarm on that feature; ${rounds(extent)} windows each, against ${extent.references} references. \`${SIGNIFICANT}\`: what the ` +
      'test says by itself, however small the shift. Columns: rows in a window.',
    ...[...drifts].flatMap(([{ name }, tally]) => [
      `### ${name}`,
      sharesTable('method', tally, [DRIFTD, DRIFTD_FOR, SIGNIFICANT, SIGNIFICANT_KS, ...NAMES], COLUMNS),
    ]),
  );
  const others = withBar('other drifts', rounds(extent), (tick) =>
    found(group, OTHER_DRIFTS, [ONE_SIZE], extent, 3, tick),
  );
  const methods = [DRIFTD, SIGNIFICANT, SIGNIFICANT_KS, ...NAMES];
  print(
    `### Other drifts, at ${ONE_SIZE} rows`,
    markdownTable(
      ['drift', ...methods],
      [...others].map(([{ name }, tally]) => [
        name,
        ...methods.map((method) => tally.percent(method, String(ONE_SIZE))),
      ]),
    ),
  );
}

function printOverTime(group: RuleGroup, courses: number): void {
  const diaries = withBar('over time', courses * LIVE_DAYS * DAY_HOURS, (tick) =>
    Array.from({ length: courses }, (_, i) => course(group, 4_000 + i, tick)),
  );
  print(
    '## Time-ordered data',
    `Windows of one hour with 100 to 300 events, more by day than by night; twenty features, of which five follow the day weakly ` +
      `and five strongly. A baseline of ${BASELINE_DAYS} days, then ${LIVE_DAYS} days; ${courses} times. The \`for\` and \`clear\` of the shipped rules ` +
      'are applied to every method. driftd, last week: the same rules with `against: same_window_last_week`.',
    '### Nothing but the daily rhythm',
    falseAlarmsOverTime(diaries),
    '### A drift of one normal feature: hours until it is found',
    `A step of 0.5 standard deviations on day ${DRIFT_DAY}, or a ramp from 0 to 1 over ${RAMP_DAYS} days from then on. Medians; in brackets how ` +
      'often it was found at all, if not always. Where a feature alarms anyway, a short delay says nothing: see the table below.',
    'With `for` and `clear`:',
    delayTable(diaries, 'firing'),
    'Single windows:',
    delayTable(diaries, 'alarmed'),
    `Hours with an alarm of the same features in the ${DRIFT_DAY} days before, with \`for\` and \`clear\`, and by single windows:`,
    falseAlarmsOfFeatures(diaries),
  );
}

function rounds({ references, windows }: Extent): number {
  return references * windows;
}

function withBar<T>(label: string, total: number, run: (tick: () => void) => T): T {
  const bar = progressBar(label, total);
  const begun = performance.now();
  let done = 0;
  try {
    return run(() => {
      done += 1;
      bar.update(done);
    });
  } finally {
    bar.stop();
    console.error(`${label}: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  }
}

function print(...paragraphs: readonly string[]): void {
  for (const paragraph of paragraphs) console.log(`${paragraph}\n`);
}
