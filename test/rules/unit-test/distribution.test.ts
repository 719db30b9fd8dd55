import { mean, standardDeviation } from 'simple-statistics';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { parseDistribution } from '../../../src/rules/unit-test/distribution.ts';

function drawn(text: string, count = 20_000): unknown[] {
  const parsed = parseDistribution(text);
  if ('fault' in parsed) throw new Error(parsed.fault.message);
  expect(parsed.end).toBe(text.length);
  const random = seededRandom(3);
  return Array.from({ length: count }, () => parsed.draw(random));
}

function faultOf(text: string): string {
  const parsed = parseDistribution(text);
  return 'fault' in parsed ? `${parsed.fault.offset} ${parsed.fault.message}` : '';
}

describe('parseDistribution', () => {
  it.each([
    ['normal(10, 2)', 10, 2],
    ['uniform(0, 12)', 6, Math.sqrt(12)],
    ['exponential(4)', 4, 4],
    ['poisson(9)', 9, 3],
    ['constant(3.5)', 3.5, 0],
    ['lognormal(0, 0.5)', Math.exp(0.125), Math.sqrt((Math.exp(0.25) - 1) * Math.exp(0.25))],
  ])('draws from %s', (text, center, spread) => {
    const values = drawn(text) as number[];
    expect(mean(values)).toBeCloseTo(center, 0);
    expect(standardDeviation(values)).toBeGreaterThanOrEqual(spread * 0.95);
    expect(standardDeviation(values)).toBeLessThanOrEqual(spread * 1.05);
  });

  it('draws categories by their shares, and equally often without any', () => {
    const share = (text: string, category: string) =>
      drawn(text).filter((value) => value === category).length / 20_000;
    expect(share('choice(DE 0.7, FR 0.2, the rest 0.1)', 'DE')).toBeCloseTo(0.7, 1);
    expect(share('choice(DE 0.7, FR 0.2, the rest 0.1)', 'the rest')).toBeCloseTo(0.1, 1);
    expect(share('choice(a, b, c, d)', 'd')).toBeCloseTo(0.25, 1);
  });

  it('leaves values out and spoils them by shares', () => {
    const values = drawn('missing(0.3, invalid(0.5, normal(0, 1)))');
    expect(values.filter((value) => value === null).length / 20_000).toBeCloseTo(0.3, 1);
    expect(values.filter((value) => typeof value === 'object' && value !== null).length / 20_000).toBeCloseTo(
      0.35,
      1,
    );
  });

  it('draws the same from the same seed', () => {
    expect(drawn('normal(0, 1)', 100)).toEqual(drawn('normal(0, 1)', 100));
  });

  it.each([
    ['nromal(0, 1)', /^0 expected normal\(mean, std\), .*; did you mean "normal"\?$/],
    ['0.5', /^0 expected normal\(mean, std\)/],
    ['normal', /^0 expected normal/],
    ['normal(0, 1', /^0 normal\( has no \)$/],
    ['normal(0)', /^7 normal takes 2 numbers$/],
    ['normal(a, 1)', /^7 normal takes 2 numbers$/],
    ['normal(0, -1)', /^7 these numbers make no normal distribution$/],
    ['uniform(2, 1)', /^8 these numbers make no uniform distribution$/],
    ['exponential()', /^12 exponential takes one number$/],
    ['choice()', /^7 choice takes categories with shares/],
    ['choice(a 0.5, b 0.6)', /^7 the shares of a choice are 0 or more and add up to 1/],
    ['choice(a 0.5, b)', /^7 the shares of a choice/],
    ['missing(2, normal(0, 1))', /^8 missing takes a share from 0 to 1 and a distribution$/],
    ['missing(0.5)', /^8 missing takes a share/],
    ['missing(0.5, what)', /^13 expected normal/],
    ['missing(0.5, normal(0, 1)', /^25 missing\( has no \)$/],
  ])('says what is wrong with %s, and where', (text, message) => {
    expect(faultOf(text)).toMatch(message);
  });
});
