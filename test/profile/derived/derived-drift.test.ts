import { describe, expect, it } from 'vitest';
import { gaussian, seededRandom } from '../../../src/base/random.ts';
import { type Columns, type Measured, measure, metricPValue, metricValue } from '../../metrics/full-path.ts';

function columnOf<T>(count: number, draw: () => T): T[] {
  return Array.from({ length: count }, draw);
}

/** Compares 500 rows with 1 500 of the reference. */
function compared(reference: (count: number) => Columns, current: (count: number) => Columns) {
  const metrics = measure(reference(1_500), current(500));
  return (feature: string): Measured => {
    const found = metrics.get(feature)?.window;
    if (found === undefined)
      throw new Error(`${feature} is not profiled; ${[...metrics.keys()].join(', ')} are`);
    return found;
  };
}

function expectMoved(metrics: Measured): void {
  expect(metricValue(metrics, 'psi_adjusted')).toBeGreaterThan(0.1);
  expect(metricPValue(metrics, 'ks')).toBeLessThan(1e-6);
}

function expectStill(metrics: Measured): void {
  expect(metricValue(metrics, 'psi_adjusted')).toBeLessThan(0.05);
  expect(metricPValue(metrics, 'ks')).toBeGreaterThan(0.01);
}

describe('drift of an embedding', () => {
  const random = seededRandom(1);
  const embeddings = (towards: number) => (count: number) => ({
    e: columnOf(count, () =>
      Array.from({ length: 32 }, (_, i) => (i === towards ? 5 : 0) + gaussian(random)),
    ),
  });

  it('shows in its direction, where only the direction has changed', () => {
    const of = compared(embeddings(0), embeddings(1));
    expectMoved(of('e.cosine'));
    expectStill(of('e.norm'));
  });

  it('shows in its norm, where only the length has changed', () => {
    const of = compared(embeddings(0), (count) => ({
      e: embeddings(0)(count).e.map((vector) => vector.map((entry) => 1.3 * entry)),
    }));
    expectMoved(of('e.norm'));
    expectStill(of('e.cosine'));
  });

  it('shows as invalid, where another model makes vectors of another length', () => {
    const of = compared(embeddings(0), (count) => ({
      e: embeddings(0)(count).e.map((vector) => vector.slice(1)),
    }));
    expect(metricValue(of('e.norm'), 'invalid_share')).toBe(1);
    expect(metricValue(of('e.pc3'), 'invalid_share')).toBe(1);
  });

  it('is not there without a change', () => {
    const of = compared(embeddings(0), embeddings(0));
    for (const output of ['norm', 'cosine', 'pc1', 'pc2', 'pc3']) expectStill(of(`e.${output}`));
  });
});

describe('drift of a text', () => {
  const random = seededRandom(2);
  const english =
    'the a of my order is late please help where parcel it has not come yet thanks card was charged twice'.split(
      ' ',
    );
  const german =
    'die eine von meine Bestellung ist verspätet bitte Hilfe wo Paket es hat nicht gekommen danke Karte belastet'.split(
      ' ',
    );
  const sentence = (words: readonly string[]): string =>
    `${columnOf(3 + Math.floor(8 * random()), () => words[Math.floor(random() * words.length)]).join(' ')}${random() < 0.5 ? '.' : '!?'}`;
  const texts = (words: readonly string[]) => (count: number) => ({
    t: columnOf(count, () => sentence(words)),
  });

  it('shows in the words that the baseline never saw, where the language has changed', () => {
    const of = compared(texts(english), texts(german));
    expectMoved(of('t.unseen_word_share'));
    expectStill(of('t.words'));
  });

  it('shows in its length and as missing shares, where texts have become empty', () => {
    const of = compared(texts(english), (count) => ({ t: columnOf(count, () => '') }));
    expectMoved(of('t.length'));
    expect(metricValue(of('t.symbol_share'), 'missing_share')).toBe(1);
  });

  it('shows in its symbols, where it has become markup', () => {
    const of = compared(texts(english), (count) => ({
      t: texts(english)(count).t.map((text) => `<p>${text}</p>`),
    }));
    expectMoved(of('t.symbol_share'));
  });

  it('is not there without a change', () => {
    const of = compared(texts(english), texts(english));
    for (const output of ['length', 'words', 'symbol_share']) expectStill(of(`t.${output}`));
  });
});

describe('features that stop going together', () => {
  const random = seededRandom(3);
  const pair = (correlation: number) => (count: number) => {
    const a = columnOf(count, () => gaussian(random));
    const noise = Math.sqrt(1 - correlation ** 2);
    return {
      a,
      b: a.map((x) => 50 + 7 * (correlation * x + noise * gaussian(random))),
      c: a.map(() => random()),
    };
  };

  it('show in the reconstruction error, where each by itself looks as before', () => {
    const of = compared(pair(0.8), pair(-0.8));
    expectStill(of('a'));
    expectStill(of('b'));
    expectStill(of('c'));
    expectMoved(of('__multivariate__'));
  });

  it('are not there without a change', () => {
    expectStill(compared(pair(0.8), pair(0.8))('__multivariate__'));
  });
});
