import { expect, it } from 'vitest';
import { referenceTextKinds } from '../../../src/pipeline/compare/text-kinds.ts';
import type { FeatureSpec } from '../../../src/profile/feature-spec.ts';
import { buildGrid } from '../../../src/profile/grid.ts';
import { NOTHING_NAMED } from './tables.ts';

it('text of the current table is read as what the reference holds', () => {
  const words = (...categories: string[]): FeatureSpec => ({
    kind: 'categorical',
    categories,
    acceptsNumbers: false,
    complete: true,
  });
  const specs = new Map<string, FeatureSpec>([
    ['n', { kind: 'numeric', grid: buildGrid([1, 2]) }],
    ['flag', words('false', 'true')],
    ['zip', words('10115', '20095')],
    ['nothing', words()],
    ['told', words('1')],
    ['__score__', { kind: 'numeric', grid: buildGrid([0, 1]) }],
  ]);
  const read = new Map([
    ['at', 'time'],
    ['truth', 'boolean'],
    ['nothing', 'categorical'],
  ] as const);
  const named = { ...NOTHING_NAMED, score: 'p', label: 'truth', numeric: ['told'] };
  expect([...referenceTextKinds(named, read, specs)].sort()).toEqual([
    ['at', 'time'],
    ['flag', 'boolean'],
    ['n', 'numeric'],
    ['p', 'numeric'],
    ['told', 'numeric'],
    ['truth', 'boolean'],
    ['zip', 'categorical'],
  ]);
});
