import { Environment } from '@marcbachmann/cel-js';
import type { Variable } from './variables.ts';

/**
 * CEL with the names of one scope: every metric is a double, what it was in the reference stands under `baseline`, and how
 * far the reference's own time blocks differ under `natural`. `abs`, `sqrt`, `max` and `min` are there for conditions
 * such as "further away than three standard errors".
 */
export function celEnvironment(variables: ReadonlyMap<string, Variable>): Environment {
  const environment = new Environment()
    .registerVariable('baseline', 'map<string, double>')
    .registerVariable('natural', 'map<string, double>');
  for (const [name, { kind }] of variables) {
    if (kind !== 'baseline' && kind !== 'natural')
      environment.registerVariable(name, kind === 'text' ? 'string' : 'double');
  }
  // CEL itself has no arithmetic between doubles and whole numbers; a rule wants `n == 0` and `1 - missing_share`.
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
  return environment;
}
