/** All numbers between two bounds, which belong to it unless it says that they do not. */
export interface Interval {
  readonly low: number;
  readonly high: number;
  readonly lowOpen?: boolean;
  readonly highOpen?: boolean;
  /** Whether it may be no number at all, as 0 / 0 is: then no comparison is true but `!=`. */
  readonly nan?: boolean;
}

/** What is not understood. */
export const ANYTHING: Interval = {
  low: Number.NEGATIVE_INFINITY,
  high: Number.POSITIVE_INFINITY,
  nan: true,
};

export function exactly(value: number): Interval {
  return { low: value, high: value };
}

export function isEmpty({ low, high, lowOpen = false, highOpen = false }: Interval): boolean {
  return low > high || (low === high && (lowOpen || highOpen));
}

export function intersection(a: Interval, b: Interval): Interval {
  const lower = a.low > b.low || (a.low === b.low && a.lowOpen === true) ? a : b;
  const upper = a.high < b.high || (a.high === b.high && a.highOpen === true) ? a : b;
  return {
    low: lower.low,
    high: upper.high,
    ...(lower.lowOpen === true && { lowOpen: true }),
    ...(upper.highOpen === true && { highOpen: true }),
  };
}

/** The smallest interval that holds both. */
export function hull(a: Interval, b: Interval): Interval {
  const lower = a.low < b.low || (a.low === b.low && a.lowOpen !== true) ? a : b;
  const upper = a.high > b.high || (a.high === b.high && a.highOpen !== true) ? a : b;
  return {
    low: lower.low,
    high: upper.high,
    ...(lower.lowOpen === true && { lowOpen: true }),
    ...(upper.highOpen === true && { highOpen: true }),
    ...nanOf(a, b),
  };
}

/** All results of an operation on a number of each. Bounds that cannot be told, such as infinity minus itself, are none. */
export function combine(operator: '+' | '-' | '*' | '/', a: Interval, b: Interval): Interval {
  if (operator === '/' && b.low <= 0 && b.high >= 0) return ANYTHING;
  const results = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => apply(operator, x, y)));
  if (results.some(Number.isNaN)) return ANYTHING;
  return { low: Math.min(...results), high: Math.max(...results), ...nanOf(a, b) };
}

/** A result is no number where one of the operands is none. */
export function nanOf(...operands: readonly Interval[]): Pick<Interval, 'nan'> {
  return operands.some(({ nan }) => nan === true) ? { nan: true } : {};
}

function apply(operator: '+' | '-' | '*' | '/', x: number, y: number): number {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      // No metric is infinite, however large it gets.
      return x === 0 || y === 0 ? 0 : x * y;
    case '/':
      return x === 0 ? 0 : x / y;
  }
}

/** The numbers for which `x operator some number of other` can be true. */
export function allowedBy(operator: '<' | '<=' | '>' | '>=' | '==', other: Interval): Interval {
  switch (operator) {
    case '<':
      return { low: Number.NEGATIVE_INFINITY, high: other.high, highOpen: true };
    case '<=':
      return { low: Number.NEGATIVE_INFINITY, high: other.high, highOpen: other.highOpen ?? false };
    case '>':
      return { low: other.low, lowOpen: true, high: Number.POSITIVE_INFINITY };
    case '>=':
      return { low: other.low, lowOpen: other.lowOpen ?? false, high: Number.POSITIVE_INFINITY };
    case '==':
      return other;
  }
}
