import { expect, it } from 'vitest';
import { seededRandom } from '../../src/base/random.ts';
import { temporaryFile } from '../ingest/files/temporary-file.ts';
import { runHere } from './recorder.ts';

const COLUMNS = 10_000;
const ROWS = 200;

/** One column in ten with digits, one in ten of words; flags, counts and grades for the rest. */
function wideTable(seed: number): string {
  const random = seededRandom(seed);
  const cell = (column: number): string => {
    if (column % 10 === 0) return random().toFixed(6);
    if (column % 10 === 1) return 'abcd'.charAt(Math.floor(random() * 4));
    return String(Math.floor(random() * (column % 10)));
  };
  const lines = [Array.from({ length: COLUMNS }, (_, i) => `c${i}`).join(',')];
  for (let row = 0; row < ROWS; row += 1) {
    lines.push(Array.from({ length: COLUMNS }, (_, i) => cell(i)).join(','));
  }
  return temporaryFile('wide.csv', `${lines.join('\n')}\n`);
}

it('compares ten thousand columns, in a report that can be read, without a false alarm', async () => {
  const ran = await runHere(['compare', '--reference', wideTable(1), '--current', wideTable(2)]);
  expect(ran.stderr).toEqual([]);
  expect(ran.code).toBe(0);
  expect(ran.stdout.at(-1)).toBe('no drift in 10,000 features');
  expect(ran.stdout).toContain('  and 9,900 features that moved less');
  expect(ran.stdout.length).toBeLessThan(250);
}, 120_000);
