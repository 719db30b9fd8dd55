import fc from 'fast-check';
import { gaussian, seededRandom } from '../../src/base/random.ts';

/** Any finite double: huge, subnormal, zeros of both signs, whole numbers, and a few that come back again and again. */
export const anyNumber: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -10, max: 10 }),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(0, -0, 1, -999, 1.7e12, 5e-324, -5e-324, Number.MAX_VALUE, -Number.MAX_VALUE),
);

/** Numbers whose squares and sums stay far from the largest double. */
export const tameNumber: fc.Arbitrary<number> = anyNumber.filter((x) => Math.abs(x) < 1e140);

type Source = (random: () => number) => number;

const SOURCES: readonly Source[] = [
  (random) => gaussian(random),
  (random) => Math.floor(random() * 7),
  (random) => Math.tan(Math.PI * (random() - 0.5)),
  (random) => (random() < 0.7 ? 0 : Math.exp(gaussian(random))),
  (random) => 1.7e12 + Math.floor(random() * 1_000),
  (random) => 1e-9 * gaussian(random),
  (random) => Math.round(gaussian(random) * 50) / 10,
  () => 7,
];

/** Samples of every size up to `maxLength`, from smooth to full of ties. */
export function sampleArbitrary(maxLength: number): fc.Arbitrary<readonly number[]> {
  const drawn = fc
    .record({
      source: fc.constantFrom(...SOURCES),
      length: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: maxLength })),
      seed: fc.nat(),
    })
    .map(({ source, length, seed }) => {
      const random = seededRandom(seed);
      return Array.from({ length }, () => source(random));
    });
  return fc.oneof(fc.array(anyNumber, { minLength: 1, maxLength: 60 }), drawn);
}
