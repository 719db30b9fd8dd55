import { describe, expect, it } from 'vitest';
import { temporaryFile } from '../../ingest/files/temporary-file.ts';
import {
  categories,
  compareTables,
  compareThese,
  featureOf,
  ndjsonOf,
  normals,
  type Table,
} from './tables.ts';

const N = 600;

describe('kinds that are told', () => {
  it('win over what the values look like', async () => {
    const reference: Table = [['n', categories(1, N, ['1', '2', '3'])]];
    const current: Table = [['n', categories(2, N, ['1', '2', '3'])]];
    expect(featureOf(await compareTables(reference, current), 'n').kind).toBe('numeric');
    expect(featureOf(await compareTables(reference, current, { categorical: ['n'] }), 'n').kind).toBe(
      'categorical',
    );
  });

  it('make text a number of numbers, and so is text that looks like it', async () => {
    const sentence = (seed: number, ending: string): string[] =>
      normals(seed, N).map((x) => `the customer number ${Math.round(Math.abs(x) * 1e4)} ${ending}`);
    for (const text of [['t'], []]) {
      const { features } = await compareTables(
        [['t', sentence(1, 'asks for help')]],
        [['t', sentence(2, '?!?!?! ¡¡¡')]],
        { text },
      );
      expect(features.map(({ name }) => name).sort()).toEqual([
        't.length',
        't.symbol_share',
        't.unseen_word_share',
        't.words',
      ]);
      expect(features.find(({ name }) => name === 't.symbol_share')?.drifted).toBe(true);
    }
  });

  it('see an embedding by its length and direction', async () => {
    const vectors = (seed: number, shift: number): number[][] =>
      normals(seed, N, shift).map((x, i) => [x, x * 2 + (i % 7) / 10, 1, (i % 5) / 10]);
    const [reference, current] = [vectors(1, 0), vectors(2, 5)].map((e) =>
      temporaryFile('e.ndjson', ndjsonOf([['e', e]])),
    );
    const { features } = await compareThese(reference as string, current as string);
    expect(features.map(({ name }) => name).sort()).toEqual([
      'e.cosine',
      'e.norm',
      'e.pc1',
      'e.pc2',
      'e.pc3',
    ]);
    expect(features.find(({ name }) => name === 'e.pc1')?.drifted).toBe(true);
  });
});
