/** What becomes of an alert in a window that lacks data. */
type NoDataPolicy = 'keep' | 'ok' | 'alert';

/** When an alert fires and when it resolves. */
export interface FiringPolicy {
  /** Windows in which the condition must hold, of the last `of`. At least 1. */
  readonly needed: number;
  /** At least `needed`. */
  readonly of: number;
  /** Clean windows in a row after which a firing alert resolves. At least 1. */
  readonly clear: number;
  /** `keep`: the window does not count; `ok`: it counts as clean; `alert`: it counts as if the condition held. */
  readonly noData: NoDataPolicy;
}

/** The longest memory that a rule may ask for, in windows. */
export const MAX_WINDOWS = 1000;

export const FOR_FORM = `K/N such as 2/3 (2 of the last 3 windows) or K such as 2 (2 in a row), 1 <= K <= N <= ${MAX_WINDOWS}`;

/** Reads what stands behind `for:`; undefined when it cannot be read. */
export function parseFor(value: string | number): Pick<FiringPolicy, 'needed' | 'of'> | undefined {
  const [, first, second] = /^\s*(\d{1,9})\s*(?:\/\s*(\d{1,9})\s*)?$/.exec(String(value)) ?? [];
  if (first === undefined) return undefined;
  const needed = Number(first);
  const of = second === undefined ? needed : Number(second);
  return needed >= 1 && needed <= of && of <= MAX_WINDOWS ? { needed, of } : undefined;
}
