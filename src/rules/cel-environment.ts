import { Environment } from '@marcbachmann/cel-js';
import type { MetricScope } from '../metrics/table.ts';
import { type PlaceClass, scopeClasses } from './condition-scope.ts';
import { isTruth, OWNERS, variablesOf } from './variables.ts';

/** CEL with the names of one scope, and the class that gives those names their values. */
export interface CelScope {
  /** Every metric is a double; behind `baseline`, `natural`, `lower` and `upper` they are again. What change detectors say is a truth value. */
  readonly environment: Environment;
  /** The type of other windows, which have the same names. */
  readonly windowType: string;
  readonly place: PlaceClass;
}

const WINDOW = 'Window';

const TYPE_NAMES: Readonly<Record<(typeof OWNERS)[number], string>> = {
  baseline: 'Baseline',
  natural: 'Natural',
  lower: 'Lower',
  upper: 'Upper',
  adwin: 'Adwin',
  page_hinkley: 'PageHinkley',
  ddm: 'Ddm',
};

/**
 * `abs`, `sqrt`, `max` and `min` are there for conditions such as "further away than three standard errors".
 * Costs half a millisecond: clone the environment instead of making another.
 */
export function celScope(scope: MetricScope): CelScope {
  const environment = new Environment();
  const { place, owners } = scopeClasses(scope);
  const fields: Record<string, string> = {};
  for (const owner of OWNERS) {
    const owned = [...variablesOf(scope)].filter(([name]) => name.startsWith(`${owner}.`));
    environment.registerType(TYPE_NAMES[owner], {
      ctor: owners[owner],
      fields: Object.fromEntries(
        owned.map(([name, variable]) => [
          name.slice(owner.length + 1),
          isTruth(variable) ? 'bool' : 'double',
        ]),
      ),
    });
    fields[owner] = TYPE_NAMES[owner];
  }
  for (const [name, { kind }] of variablesOf(scope)) {
    if (!name.includes('.')) fields[name] = kind === 'text' ? 'string' : 'double';
  }
  for (const [name, type] of Object.entries(fields)) environment.registerVariable(name, type);
  environment.registerType(WINDOW, { ctor: place, fields });
  addArithmetic(environment);
  return { environment, windowType: WINDOW, place };
}

/** CEL itself has no arithmetic between doubles and whole numbers; a rule wants `n == 0` and `1 - missing_share`. */
function addArithmetic(environment: Environment): void {
  const mixed = (operator: string, apply: (a: number, b: number) => number): void => {
    const handler = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
    environment.registerOperator(`double ${operator} int: double`, handler);
    environment.registerOperator(`int ${operator} double: double`, handler);
  };
  mixed('+', (a, b) => a + b);
  mixed('-', (a, b) => a - b);
  mixed('*', (a, b) => a * b);
  mixed('/', (a, b) => a / b);
  // This brings int == double and both != as well.
  environment.registerOperator('double == int', (a, b) => Number(a) === Number(b));
  environment.registerFunction('abs(double): double', (x: number) => Math.abs(x));
  environment.registerFunction('sqrt(double): double', (x: number) => Math.sqrt(x));
  for (const [name, pick] of [['max', Math.max] as const, ['min', Math.min] as const]) {
    const apply = (a: number | bigint, b: number | bigint): number => pick(Number(a), Number(b));
    for (const types of ['double, double', 'double, int', 'int, double', 'int, int']) {
      environment.registerFunction(`${name}(${types}): double`, apply);
    }
  }
}
