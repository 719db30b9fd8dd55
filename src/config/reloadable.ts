import type { Config } from './schema.ts';

/** Keys of the configuration that a reload puts into force. All others are read once, when driftd starts. */
const RELOADABLE: ReadonlyArray<keyof Config> = [
  'rules',
  'receivers',
  'route',
  'inhibit_rules',
  'time_intervals',
  'retraining',
  'grafana',
  'log',
];

/** The keys that differ and need a restart. */
export function changedInVain(started: Config, now: Config): string[] {
  const keys = Object.keys({ ...started, ...now }) as Array<keyof Config>;
  return keys.filter((key) => !RELOADABLE.includes(key) && !isSame(started[key], now[key]));
}

/** As data: functions that were made from the same text are not the same. */
function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
