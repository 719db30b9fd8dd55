import { didYouMean } from '../../base/nearest.ts';
import { gaussian, type Random } from '../../base/random.ts';
import type { TextFault } from '../text-fault.ts';

/** Draws one value of a feature, as JSON has it; null is a missing one. */
export type Draw = (random: Random) => number | string | boolean | null | object;

export const DISTRIBUTION_FORM =
  'normal(mean, std), lognormal(mu, sigma), uniform(from, to), exponential(mean), poisson(mean), constant(value), ' +
  'choice(DE 0.6, FR 0.4), missing(share, distribution) or invalid(share, distribution)';

type Parsed = { readonly draw: Draw; readonly end: number } | { readonly fault: TextFault };

/** A value of a type that neither numbers nor categories have. */
const INVALID = {};

type Make = (numbers: readonly number[]) => Draw | undefined;

/** Distributions of numbers, with how many parameters they have. */
const NUMERIC: Readonly<Record<string, readonly [parameters: number, make: Make]>> = {
  normal: [2, ([mean = 0, std = 1]) => (std < 0 ? undefined : (random) => mean + std * gaussian(random))],
  lognormal: [
    2,
    ([mu = 0, sigma = 1]) => (sigma < 0 ? undefined : (random) => Math.exp(mu + sigma * gaussian(random))),
  ],
  uniform: [2, ([from = 0, to = 1]) => (from > to ? undefined : (random) => from + (to - from) * random())],
  exponential: [1, ([mean = 1]) => (mean <= 0 ? undefined : (random) => -mean * Math.log(1 - random()))],
  poisson: [1, ([mean = 1]) => (mean < 0 || mean > 500 ? undefined : (random) => poisson(random, mean))],
  constant: [
    1,
    ([value = 0]) =>
      () =>
        value,
  ],
};

const WRAPPERS = ['missing', 'invalid'] as const;

const WORDS = [...Object.keys(NUMERIC), 'choice', ...WRAPPERS];

/** Reads a distribution at the start of a text. Never throws. */
export function parseDistribution(text: string, from = 0): Parsed {
  const [head, word = '', open] = /^\s*([A-Za-z_]*)\s*(\(?)/.exec(text.slice(from)) ?? [];
  const start = from + (head ?? '').search(/\S|$/);
  if (!WORDS.includes(word) || open !== '(') {
    const hint = didYouMean(word, WORDS);
    return faultAt(start, `expected ${DISTRIBUTION_FORM}${word === '' ? '' : hint}`);
  }
  const inside = from + (head ?? '').length;
  if (word === 'missing' || word === 'invalid') return wrapped(text, inside, word);
  const close = text.indexOf(')', inside);
  if (close === -1) return faultAt(start, `${word}( has no )`);
  const args = text.slice(inside, close).split(',');
  const made = word === 'choice' ? choice(args) : numeric(word, args);
  return typeof made === 'string' ? faultAt(inside, made) : { draw: made, end: close + 1 };
}

function numeric(word: string, args: readonly string[]): Draw | string {
  const [parameters, make] = NUMERIC[word] as readonly [number, Make];
  const numbers = args.map((arg) => (arg.trim() === '' ? Number.NaN : Number(arg)));
  if (numbers.length !== parameters || !numbers.every(Number.isFinite)) {
    return `${word} takes ${parameters === 1 ? 'one number' : `${parameters} numbers`}`;
  }
  return make(numbers) ?? `these numbers make no ${word} distribution`;
}

/** Categories with their shares. Where none has a share, all are equally likely. */
function choice(args: readonly string[]): Draw | string {
  const entries = args.map((arg) => /^\s*(.*?)(?:\s+([\d.eE+-]+))?\s*$/.exec(arg) ?? []);
  const names = entries.map(([, name = '']) => name);
  const given = entries.map(([, , share]) => (share === undefined ? undefined : Number(share)));
  if (names.some((name) => name === ''))
    return 'choice takes categories with shares, as in choice(DE 0.6, FR 0.4)';
  const none = given.every((share) => share === undefined);
  const shares = given.map((share) => (none ? 1 / names.length : (share ?? Number.NaN)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (!shares.every((share) => share >= 0) || Math.abs(total - 1) > 1e-6) {
    return 'the shares of a choice are 0 or more and add up to 1, or there are none';
  }
  return (random) => {
    let left = random();
    for (const [i, share] of shares.entries()) {
      left -= share;
      if (left < 0) return names[i] as string;
    }
    return names.at(-1) as string;
  };
}

function wrapped(text: string, inside: number, word: (typeof WRAPPERS)[number]): Parsed {
  const comma = text.indexOf(',', inside);
  const number = comma === -1 ? '' : text.slice(inside, comma).trim();
  const share = number === '' ? Number.NaN : Number(number);
  if (!(share >= 0 && share <= 1)) {
    return faultAt(inside, `${word} takes a share from 0 to 1 and a distribution`);
  }
  const inner = parseDistribution(text, comma + 1);
  if ('fault' in inner) return inner;
  const close = /^\s*\)/.exec(text.slice(inner.end))?.[0];
  if (close === undefined) return faultAt(inner.end, `${word}( has no )`);
  const instead = word === 'missing' ? null : INVALID;
  return {
    draw: (random) => (random() < share ? instead : inner.draw(random)),
    end: inner.end + close.length,
  };
}

/** Knuth's method. */
function poisson(random: Random, mean: number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > limit; product *= random()) count += 1;
  return count;
}

function faultAt(offset: number, message: string): { readonly fault: TextFault } {
  return { fault: { message, offset } };
}
