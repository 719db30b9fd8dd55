import { markdownTable, percent } from './markdown.ts';
import type { Diary, Mode } from './over-time.ts';
import { DAY_HOURS, DRIFT_DAY, LIVE_DAYS, nameOf, RHYTHMS, SCENARIOS, type Scenario } from './time-series.ts';

/** Diaries of several courses, each by method. */
type Diaries = ReadonlyArray<ReadonlyMap<string, Diary>>;

/** How often each method cries wolf where nothing happens but the daily rhythm. */
export function falseAlarmsOverTime(diaries: Diaries): string {
  const hours = diaries.length * LIVE_DAYS * DAY_HOURS;
  return markdownTable(
    [
      'method',
      'hours with an alarm firing',
      'mean time between false alarms',
      'single windows with an alarm',
      'mean time between them',
    ],
    methodsOf(diaries).map((method) => {
      const own = diaries.flatMap((diary) => diary.get(method) ?? []);
      const total = (count: (diary: Diary) => number): number =>
        own.reduce((sum, diary) => sum + count(diary), 0);
      const firing = total((diary) => diary.hours.firing);
      const alarmed = total((diary) => diary.hours.alarmed);
      return [
        method,
        percent(firing / hours),
        between(
          hours,
          total((diary) => diary.begun.firing),
        ),
        percent(alarmed / hours),
        between(hours, alarmed),
      ];
    }),
  );
}

/** Median hours from the drift to the alarm. */
export function delayTable(diaries: Diaries, mode: Mode): string {
  return markdownTable(
    ['method', ...SCENARIOS.map(({ name }) => name)],
    methodsOf(diaries).map((method) => [
      method,
      ...SCENARIOS.map((scenario) => delayText(diaries, method, mode, scenario)),
    ]),
  );
}

/** Share of the hours before the drift in which its feature alarms: with `for` and `clear`, and by single windows. */
export function falseAlarmsOfFeatures(diaries: Diaries): string {
  const hours = diaries.length * DRIFT_DAY * DAY_HOURS;
  const shareOf = (method: string, mode: Mode, feature: number): string =>
    percent(
      diaries.reduce(
        (sum, diary) => sum + (diary.get(method)?.hoursBefore[mode].get(nameOf(feature)) ?? 0),
        0,
      ) / hours,
    );
  return markdownTable(
    ['method', ...RHYTHMS.flatMap(([name]) => [name, `${name}, single`])],
    methodsOf(diaries).map((method) => [
      method,
      ...RHYTHMS.flatMap(([, feature]) => [
        shareOf(method, 'firing', feature),
        shareOf(method, 'alarmed', feature),
      ]),
    ]),
  );
}

function methodsOf([first]: Diaries): string[] {
  return [...(first?.keys() ?? [])];
}

function delayText(diaries: Diaries, method: string, mode: Mode, scenario: Scenario): string {
  const delays = diaries
    .flatMap((diary) => diary.get(method)?.delays[mode].get(scenario) ?? [])
    .sort((a, b) => a - b);
  const median = delays[Math.floor((delays.length - 1) / 2)];
  if (median === undefined) return 'never';
  return delays.length === diaries.length ? `${median}` : `${median} (${delays.length} of ${diaries.length})`;
}

function between(hours: number, count: number): string {
  if (count === 0) return `none in ${Math.round(hours / DAY_HOURS)} days`;
  const mean = hours / count;
  return mean < 2 * DAY_HOURS ? `${mean.toFixed(1)} hours` : `${(mean / DAY_HOURS).toFixed(1)} days`;
}
