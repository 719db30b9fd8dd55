import { gaussian, type Random } from '../../src/base/random.ts';
import { type Column, drawColumn, RHYTHMIC } from './source.ts';

export const HOUR = 3_600_000;
export const DAY_HOURS = 24;
export const BASELINE_DAYS = 14;
export const LIVE_DAYS = 60;
/** The day of the live time on which a drift begins. */
export const DRIFT_DAY = 30;
export const RAMP_DAYS = 14;

const EVENTS_PER_HOUR = 200;

/** One hour of events, each feature a column. */
export function drawHour(hour: number, random: Random): Column[] {
  const wave = Math.sin((2 * Math.PI * ((hour % DAY_HOURS) + 0.5)) / DAY_HOURS);
  // There are more events by day than by night, and their number varies as that of independent ones does.
  const rate = EVENTS_PER_HOUR * (1 + 0.5 * wave);
  const rows = Math.round(rate + Math.sqrt(rate) * gaussian(random));
  return RHYTHMIC.map((source) => drawColumn(source, rows, random, wave));
}

/** A drift of one feature that begins on a day: added to its values, in standard deviations. */
export interface Scenario {
  readonly name: string;
  /** Position of the feature in RHYTHMIC: a normal one of standard deviation 1. */
  readonly feature: number;
  /** @param hours since the drift began. */
  readonly shift: (hours: number) => number;
}

const STEP = (): number => 0.5;
const RAMP = (hours: number): number => Math.min(1, hours / (RAMP_DAYS * DAY_HOURS));

/** The normal features that keep still, follow the day weakly, and follow it strongly. */
export const RHYTHMS: ReadonlyArray<readonly [name: string, feature: number]> = [
  ['no rhythm', 0],
  ['weak rhythm', 2],
  ['strong rhythm', 3],
];

export const SCENARIOS: readonly Scenario[] = RHYTHMS.flatMap(([rhythm, feature]) => [
  { name: `step, ${rhythm}`, feature, shift: STEP },
  { name: `ramp, ${rhythm}`, feature, shift: RAMP },
]);

export function nameOf(feature: number): string {
  return RHYTHMIC[feature]?.name ?? '';
}

export function shifted(column: Column, shift: number): Column {
  return column.map((value) => value + shift);
}

/** One column of all hours. */
export function joined(hours: readonly Column[][], feature: number): Column {
  const parts = hours.map((columns) => columns[feature] as Column);
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
