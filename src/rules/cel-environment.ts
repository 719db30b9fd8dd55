import { Environment } from '@marcbachmann/cel-js';
import type { Variable } from './variables.ts';

/**
 * CEL with the names of one scope: every metric is a double, and what it was in the reference stands under `baseline`.
 * `abs` and `sqrt` are there for conditions such as "further away than three standard errors".
 */
export function celEnvironment(variables: ReadonlyMap<string, Variable>): Environment {
  const environment = new Environment().registerVariable('baseline', 'map<string, double>');
  for (const [name, { kind }] of variables) {
    if (kind !== 'baseline') environment.registerVariable(name, kind === 'text' ? 'string' : 'double');
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
  return environment;
}
