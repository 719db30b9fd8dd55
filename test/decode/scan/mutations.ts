import { type Random, seededRandom } from '../../../src/base/random.ts';

const NUMBERS = [
  '0',
  '-0',
  '-0.0',
  '1',
  '01',
  '1.',
  '.5',
  '-',
  '+1',
  '1e5',
  '1E-07',
  '1e',
  '1e+',
  '1e400',
  '-1e400',
  '1e-400',
  '9007199254740993',
  '9007199254740992',
  '123456789012345678901234567890',
  '0.1',
  '0.30000000000000004',
  '2.2250738585072011e-308',
  '4.9e-324',
  '1.7976931348623157e308',
  '0.000000000000000000000012345678901234567',
  '123456789.12345678',
  '5e-324',
  '1.0000000000000002220446049250313',
  '7.2057594037927933e16',
  '00',
  '1_000',
  'NaN',
  'Infinity',
  '0x10',
  '12345678.9e-5',
  '8.41e21',
  '9.5367431640625e-7',
  '3.14159265358979323846264338327950288',
]; // prettier-ignore

const TOKENS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  'null',
  'true',
  'false',
  'nul',
  ' ',
  '\n',
  '\t',
  '\u0000',
  '\u001f',
  '"a":1,',
  ',"features":{}',
  '"features":{"in_00":1},',
  '"model":"other",',
  '"__proto__":{"x":1},',
  '"toString":1,',
  '\\u0041',
  '\\ud800',
  '\\"',
  '\\x',
  'é',
  '\ud83d\ude00',
  '"label":"ok",',
  '"score":null,',
  '"version":7,',
  '"probabilities":{"fraud":0.5},',
  '[1,2]',
  '{"deep":{"er":1}}',
]; // prettier-ignore

/** A seeded stream of broken, odd and sometimes harmless variants of messages. */
export function* mutations(messages: readonly string[], seed: number): Generator<Buffer, never, undefined> {
  const random = seededRandom(seed);
  for (;;) {
    let bytes: Buffer = Buffer.from(pick(random, messages));
    // Most often one thing is odd.
    for (let count = 1 + Math.floor(3 * random() ** 3); count > 0; count -= 1) bytes = mutate(bytes, random);
    yield bytes;
  }
}

function mutate(bytes: Buffer, random: Random): Buffer {
  const at = Math.floor(bytes.length * random());
  const to = Math.min(bytes.length, at + 1 + Math.floor(12 * random() ** 2));
  switch (Math.floor(9 * random())) {
    case 0: {
      const changed = Buffer.from(bytes);
      changed[at] = Math.floor(256 * random());
      return changed;
    }
    case 1:
      return splice(bytes, at, to, '');
    case 2:
      return splice(bytes, at, at, pick(random, TOKENS));
    case 3:
      return splice(bytes, at, at, bytes.subarray(at, to));
    case 4:
      return bytes.subarray(0, at);
    case 5:
      return replaceOne(bytes, random, /-?\d+(\.\d+)?(e-?\d+)?/g, pick(random, NUMBERS));
    case 6:
      return replaceOne(
        bytes,
        random,
        /"[^"]*"/g,
        pick(random, ['""', '"x"', '"\\u00e9"', '"é"', 'null', '3', '"a\nb"']),
      );
    case 7:
      return replaceOne(bytes, random, /[:,{}]/g, pick(random, [' : ', ', ', '{', '}', ',,', ' ,\n']));
    default:
      return replaceOne(
        bytes,
        random,
        /-?\d+(\.\d+)?/g,
        String((random() - 0.5) * 10 ** Math.floor(40 * random() - 20)),
      );
  }
}

function splice(bytes: Buffer, from: number, to: number, added: string | Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(added), bytes.subarray(to)]);
}

/** Replaces one of the places that fit. */
function replaceOne(bytes: Buffer, random: Random, pattern: RegExp, text: string): Buffer {
  const found = [...bytes.toString('latin1').matchAll(pattern)];
  const match = found[Math.floor(found.length * random())];
  return match === undefined ? bytes : splice(bytes, match.index, match.index + match[0].length, text);
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[Math.floor(values.length * random())] as T;
}
