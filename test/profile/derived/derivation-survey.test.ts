import { describe, expect, it } from 'vitest';
import { gaussian, type Random, seededRandom } from '../../../src/base/random.ts';
import { DerivationSurvey } from '../../../src/profile/derived/derivation-survey.ts';
import { HeldOutCoin } from '../../../src/profile/derived/held-out-coin.ts';
import type { FeatureKind } from '../../../src/profile/feature-survey.ts';

type Row = Readonly<Record<string, unknown>>;

const KINDS = new Map<string, FeatureKind>([
  ['b', 'numeric'],
  ['a', 'numeric'],
  ['t', 'text'],
  ['e', 'embedding'],
]);
const ALL = { multivariate: true, limit: 2_000 };

function surveyOf(rows: Iterable<Row>): DerivationSurvey {
  const survey = new DerivationSurvey();
  for (const row of rows) if (survey.wantsNext()) survey.take(row);
  return survey;
}

function rowOf(random: Random): Row {
  const a = gaussian(random);
  return {
    a,
    b: a + gaussian(random),
    t: `text number ${Math.floor(random() * 1_000)} of many`,
    e: [a, gaussian(random), gaussian(random), 1],
  };
}

const random = seededRandom(1);
const ROWS = Array.from({ length: 400 }, () => rowOf(random));

const TEXT = ['t.length', 't.words', 't.symbol_share', 't.unseen_word_share'];
const EMBEDDING = ['e.norm', 'e.cosine', 'e.pc1', 'e.pc2', 'e.pc3'];

describe('the survey of derived features', () => {
  it('fits each kind, and has a grid for every name', () => {
    const { derivations, specs, leftOut } = surveyOf(ROWS).fit(KINDS, ALL);
    expect(derivations.map(({ kind }) => kind)).toEqual(['reconstruction', 'embedding', 'text']);
    expect([...specs.keys()]).toEqual(['__multivariate__', ...EMBEDDING, ...TEXT]);
    expect(leftOut).toEqual([]);
    for (const spec of specs.values()) expect(spec.kind).toBe('numeric');
  });

  it('does not depend on the order of the features', () => {
    const reversed = ROWS.map((row) => Object.fromEntries(Object.entries(row).reverse()));
    const made = surveyOf(reversed).fit(new Map([...KINDS].reverse()), ALL);
    expect(made).toEqual(surveyOf(ROWS).fit(KINDS, ALL));
  });

  it('has nothing multivariate where that is not wanted, or features are too few', () => {
    const { derivations } = surveyOf(ROWS).fit(KINDS, { ...ALL, multivariate: false });
    expect(derivations.map(({ kind }) => kind)).toEqual(['embedding', 'text']);
    expect(surveyOf(ROWS).fit(new Map([['a', 'numeric']]), ALL)).toMatchObject({
      derivations: [],
      leftOut: [],
    });
  });

  it('leaves out names that events have themselves, and says so', () => {
    const taken = new Map<string, FeatureKind>([
      ...KINDS,
      ['t.words', 'numeric'],
      ['e.cosine', 'categorical'],
    ]);
    const { derivations, specs, leftOut } = surveyOf(ROWS).fit(taken, ALL);
    expect([...leftOut].sort()).toEqual(['e.cosine', 't.words']);
    expect(specs.has('t.words')).toBe(false);
    expect(derivations.find(({ kind }) => kind === 'text')).toMatchObject({
      outputs: ['length', 'symbol_share', 'unseen_word_share'],
    });
    expect(surveyOf(ROWS).fit(new Map([...KINDS, ['__multivariate__', 'numeric']]), ALL)).toMatchObject({
      leftOut: ['__multivariate__'],
      derivations: [{ kind: 'embedding' }, { kind: 'text' }],
    });
  });

  it('leaves out names that are too long to be stored', () => {
    const long = 'x'.repeat(250);
    const rows = ROWS.map(({ t }) => ({ [long]: t }));
    const { derivations, specs, leftOut } = surveyOf(rows).fit(new Map([[long, 'text']]), ALL);
    expect([...specs.keys()]).toEqual([`${long}.words`]);
    expect(derivations).toMatchObject([{ outputs: ['words'] }]);
    expect(leftOut).toEqual(
      ['length', 'symbol_share', 'unseen_word_share'].map((output) => `${long}.${output}`),
    );
  });

  it('leaves out what is past the limit', () => {
    const { derivations, specs, leftOut } = surveyOf(ROWS).fit(KINDS, { multivariate: false, limit: 3 });
    expect([...specs.keys()]).toEqual(EMBEDDING.slice(0, 3));
    expect(derivations).toMatchObject([{ outputs: ['norm', 'cosine', 'pc1'] }]);
    expect(leftOut).toEqual([...EMBEDDING.slice(3), ...TEXT]);
  });

  it('names sources of which nothing can be derived', () => {
    const kinds = new Map<string, FeatureKind>([...KINDS, ['never', 'text'], ['wrong', 'embedding']]);
    const rows = ROWS.map((row) => ({ ...row, wrong: 'text' }));
    expect(surveyOf(rows).fit(kinds, ALL).leftOut).toEqual(['never', 'wrong']);
    expect(surveyOf([]).fit(KINDS, ALL)).toEqual({ derivations: [], specs: new Map(), leftOut: ['e', 't'] });
  });

  it('goes on when one feature is odd', () => {
    const odd = [null, 1e308, -1e308, '\ud800', [], [1e308, -1e308], {}, '__proto__', [0, 0]];
    const rows = ROWS.map((row, i) => ({
      ...row,
      odd: odd[i % odd.length],
      zero: [0, 0, 0],
      same: [1, 2, 3],
    }));
    for (const kind of ['numeric', 'categorical', 'text', 'embedding'] as const) {
      const kinds = new Map<string, FeatureKind>([
        ...KINDS,
        ['odd', kind],
        ['zero', 'embedding'],
        ['same', 'embedding'],
      ]);
      const { specs } = surveyOf(rows).fit(kinds, ALL);
      for (const name of ['__multivariate__', ...EMBEDDING, ...TEXT, 'zero.norm', 'same.cosine'])
        expect(specs.has(name), `${name} beside ${kind}`).toBe(true);
      expect(specs.has('zero.cosine')).toBe(false);
    }
  });

  it('takes a bounded number of rows, however many there are', () => {
    const survey = new DerivationSurvey();
    let taken = 0;
    for (let i = 0; i < 200_000; i += 1) {
      if (!survey.wantsNext()) continue;
      taken += 1;
      survey.take({ a: i });
    }
    // Two reservoirs of 2 000, each of which replaces rows ever more rarely.
    expect(taken).toBeLessThan(2 * 2_000 * (1 + Math.log(100_000 / 2_000)) * 1.1);
  });
});

describe('the coin', () => {
  it('falls alike in every pass, on either side as often', () => {
    const [first, second] = [new HeldOutCoin(), new HeldOutCoin()];
    const tosses = Array.from({ length: 10_000 }, () => first.isHeldOut());
    expect(tosses.map(() => second.isHeldOut())).toEqual(tosses);
    expect(tosses.filter(Boolean).length).toBeGreaterThan(4_800);
    expect(tosses.filter(Boolean).length).toBeLessThan(5_200);
  });

  it('parts the rows as the survey does: what is fitted on is not held out', () => {
    const coin = new HeldOutCoin();
    const rows = Array.from({ length: 200 }, (_, i) => ({ t: `word${i} and more` }));
    const heldOut = new Set(rows.filter(() => coin.isHeldOut()).map(({ t }) => t.split(' ')[0]));
    const [derivation] = surveyOf(rows).fit(new Map([['t', 'text']]), ALL).derivations;
    if (derivation?.kind !== 'text') throw new Error('no text');
    const fitted = derivation.vocabulary.filter((word) => word.startsWith('word'));
    expect(fitted.length).toBe(200 - heldOut.size);
    expect(fitted.filter((word) => heldOut.has(word))).toEqual([]);
  });
});
