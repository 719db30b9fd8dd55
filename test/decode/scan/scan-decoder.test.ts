import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/base/random.ts';
import { createDecoder, type DecoderOptions } from '../../../src/decode/decoder.ts';
import type { PredictionEvent } from '../../../src/event/events.ts';
import type { RawFeatures } from '../../../src/event/raw-features.ts';
import { bothWays, isSameEvent } from './both-ways.ts';
import { mutations } from './mutations.ts';

/** More for the long run: DRIFTD_FUZZ=1000000. */
const RUNS = Number(process.env['DRIFTD_FUZZ'] ?? 40_000);
const NOW = Date.UTC(2026, 10, 28, 12);

const OPTIONS: DecoderOptions = {
  maxBytes: 1_048_576,
  maxAge: 86_400_000,
  maxFuture: 3_600_000,
  mapping: undefined,
  knowsModel: (model) => model !== 'unknown',
  positiveClass: (model) => (model === 'fraud' ? 'fraud' : undefined),
};

const AT = new Date(NOW).toISOString();

/** Messages as producers in several languages write them. */
const MESSAGES = [
  `{"prediction_id":"8f2c","model":"fraud","version":"7","timestamp":"${AT}","features":{"amount":129.9,"country":"DE","is_new":true,"age":null,"ratio":0.12345678901234567},"prediction":"fraud","score":0.93}`,
  `{"model": "fraud", "version": 7, "timestamp": ${NOW}, "features": {"amount": 1e-05, "country": "S\\u00e3o Paulo", "is_new": false, "big": 12345678901234567890}, "prediction": true, "probabilities": {"fraud": 0.9, "ok": 0.1}}`,
  `{"features":{"a":1,"b":{"c":2},"text":"say \\"hi\\"\\n"},"label":"ok","model":"other","prediction":3.5,"prediction_id":17,"timestamp":"2026-11-28T11:59:59.123456+00:00"}`,
  `{"prediction_id":"8f2c","model":"fraud","label":"ok","timestamp":"2026-11-28T13:30:00+01:30"}`,
  `{"prediction_id":"é","model":"модель","timestamp":"${AT}","features":{"größe":1.5,"s":"\ud83d\ude00","empty":""},"score":null,"extra":{"ignored":[]}}\n`,
];

const MAPPED = [
  `{"request":{"id":"r-1","at":"${AT}","inputs":{"x":0.25,"y":"b"}},"response":{"class":"fraud","score":0.5},"meta":{"features":1}}`,
];

function fuzz(options: DecoderOptions, messages: readonly string[], seed: number): number {
  const ways = bothWays(options);
  const random = seededRandom(seed);
  const mutated = mutations(messages, seed);
  let scanned = 0;
  for (let i = 0; i < RUNS; i += 1) {
    // Known messages in between, so that what broken ones leave behind shows.
    const plain = random() < 0.5;
    const message = plain
      ? Buffer.from(messages[Math.floor(messages.length * random())] as string)
      : mutated.next().value;
    if (ways.check(message, NOW)) scanned += 1;
  }
  return scanned;
}

describe('a decoder that learns how messages are laid out', () => {
  it('finds in any message what JSON.parse finds', { timeout: 1_800_000 }, () => {
    expect(fuzz(OPTIONS, MESSAGES, 1)).toBeGreaterThan(RUNS / 5);
  });

  it('does so through a mapping', { timeout: 1_800_000 }, () => {
    const mapping = {
      model: 'fraud',
      prediction_id: '$.request.id',
      timestamp: '$.request.at',
      features: '$.request.inputs',
      prediction: '$.response.class',
      score: '$.response.score',
    };
    expect(fuzz({ ...OPTIONS, mapping }, MAPPED, 2)).toBeGreaterThan(RUNS / 5);
  });

  it('reads numbers as JSON.parse does, to the last bit', () => {
    const ways = bothWays(OPTIONS);
    const random = seededRandom(3);
    const view = new DataView(new ArrayBuffer(8));
    const message = (number: string): Buffer =>
      Buffer.from(`{"model":"m","timestamp":${NOW},"features":{"x":${number}}}`);
    ways.check(message('1'), NOW);
    const misread: string[] = [];
    for (let i = 0; i < RUNS / 4; i += 1) {
      view.setUint32(0, 2 ** 32 * random());
      view.setUint32(4, 2 ** 32 * random());
      const value = view.getFloat64(0);
      const digits = Math.floor(1e9 * random()).toString() + Math.floor(1e9 * random()).toString();
      const texts = [
        Number.isFinite(value) ? String(value) : '0',
        `${(random() - 0.5) * 1e3}`,
        `0.${digits}`,
        `${Math.floor(1e6 * random())}.${digits.slice(0, 1 + Math.floor(12 * random()))}`,
        `${digits.replace(/^0+(?=\d)/, '')}e${Math.floor(60 * random()) - 30}`,
        // Half way between two doubles, and beside it.
        `${2 ** 53 + 2 * Math.floor(1e6 * random())}`.replace(/\d$/, (last) =>
          String((Number(last) + 1) % 10),
        ),
      ];
      for (const text of texts) if (!ways.check(message(text), NOW)) misread.push(text);
    }
    expect(misread).toEqual([]);
  });

  it('makes no object of a message whose layout it has seen, whatever its values', () => {
    const ways = bothWays(OPTIONS);
    const message = (features: object, score: unknown): Buffer =>
      Buffer.from(JSON.stringify({ model: 'm', timestamp: NOW, features, score }));
    expect(ways.check(message({ a: 1, b: 'x', c: null }, 0.5), NOW)).toBe(false);
    expect(ways.check(message({ a: null, b: 17, c: 'y' }, null), NOW)).toBe(true);
    expect(ways.check(message({ a: true, b: 'a "quote"', c: -1e-7 }, 1), NOW)).toBe(true);
  });

  it('learns messages that leave keys out, without their having come in that combination', () => {
    const ways = bothWays(OPTIONS);
    const message = (features: object): Buffer =>
      Buffer.from(JSON.stringify({ model: 'm', timestamp: NOW, features }));
    for (const features of [{ a: 1, b: 2, c: 3 }, { a: 1, c: 3 }, { b: 2 }])
      ways.check(message(features), NOW);
    expect(ways.check(message({ a: 1, b: 2 }), NOW)).toBe(true);
    expect(ways.check(message({ b: 2, c: 3 }), NOW)).toBe(true);
  });

  it('leaves a key that comes twice to JSON.parse, where the last one counts', () => {
    const ways = bothWays(OPTIONS);
    const text = (features: string): Buffer =>
      Buffer.from(`{"model":"m","timestamp":${NOW},"features":${features}}`);
    for (let i = 0; i < 3; i += 1) {
      ways.check(text('{"a":1,"b":2}'), NOW);
      expect(ways.check(text('{"a":1,"b":2,"a":3}'), NOW)).toBe(false);
      expect(ways.check(text('{"a":1},"features":{"b":2}'), NOW)).toBe(false);
    }
  });

  it('goes on right after floods of names, which it forgets', { timeout: 60_000 }, () => {
    const ways = bothWays(OPTIONS);
    const message = (features: object): Buffer =>
      Buffer.from(JSON.stringify({ model: 'm', timestamp: NOW, features }));
    for (let i = 0; i < 400; i += 1) {
      const flood = Object.fromEntries(Array.from({ length: 300 }, (_, k) => [`f${i}_${k}`, k]));
      ways.check(message(flood), NOW);
    }
    for (let i = 0; i < 400; i += 1) ways.check(message({ a: i, b: 'x' }), NOW);
    expect(ways.check(message({ a: 1, b: 'y' }), NOW)).toBe(true);
  });

  it('reads on when its memory has become another one, also what it has found before', () => {
    const ways = bothWays(OPTIONS);
    const decode = createDecoder(OPTIONS);
    const decoded = (message: string): PredictionEvent => {
      const outcome = decode(Buffer.from(message), NOW);
      if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') throw new Error(outcome.kind);
      return outcome.value;
    };
    const message = (amount: number, version: number): string =>
      `{"prediction_id":"p${amount}","model":"fraud","version":"${version}","timestamp":"${AT}","features":{"amount":${amount},"country":"DE"},"prediction":"ok","score":0.5}`;
    decoded(message(0, 0));
    for (let i = 1; i < 6; i += 1) {
      const event = decoded(message(i, i));
      const { memory } = event.raw as RawFeatures;
      memory.allocate(memory, memory.bytes.length);
      expect(isSameEvent(event, ways.parsed(Buffer.from(message(i, i)), NOW) as PredictionEvent)).toBe(true);
    }
  });

  it('reads names in turns, those that no table has room for, and those that are numbers or have escapes', () => {
    const ways = bothWays(OPTIONS);
    const message = (model: string, version: string): Buffer =>
      Buffer.from(
        `{"model":${model},"version":${version},"timestamp":"${AT}","features":{"x":1},"prediction":"ok"}`,
      );
    const versions = ['"1"', '"a version of more than eight bytes"', '7', 'null', '""', '"\\u0041"', '1e400'];
    const models = [
      '"m"',
      '"модель"',
      '"fraud"',
      '"\\u006d"',
      '"unknown"',
      '""',
      '"a model of more than eight"',
    ];
    for (let round = 0; round < 20; round += 1)
      for (const model of models) for (const version of versions) ways.check(message(model, version), NOW);
    for (let i = 0; i < 10_000; i += 1) ways.check(message(`"flood ${i}"`, `"${i % 7}"`), NOW);
    for (let i = 0; i < 10; i += 1) expect(ways.check(message('"m"', '"1"'), NOW)).toBe(true);
  });

  it('reads times of any day, in any form', () => {
    const ways = bothWays({ ...OPTIONS, maxAge: 1e13, maxFuture: 1e13 });
    const random = seededRandom(4);
    const pick = (values: readonly string[]): string =>
      values[Math.floor(values.length * random())] as string;
    const message = (timestamp: string): Buffer =>
      Buffer.from(`{"model":"m","timestamp":${timestamp},"features":{"x":1}}`);
    ways.check(message('"2026-11-28T00:00:00Z"'), NOW);
    let scanned = 0;
    for (let i = 0; i < RUNS / 4; i += 1) {
      const day = pick(['2026-11-28', '2026-11-28', '2026-11-29', '2024-02-29', '2026-02-29', '1999-12-31']);
      const clock = pick([
        '00:00:00',
        '23:59:59',
        '24:00:00',
        '12:60:00',
        '12:34:56',
        '7:00:00',
        '12:34',
        '1a:00:00',
      ]);
      const fraction = pick([
        '',
        '.',
        '.1',
        '.12',
        '.123',
        '.123456',
        '.123456789',
        '.1234567890',
        ',5',
        '.x',
      ]);
      const zone = pick(['Z', 'Z', '+00:00', '-05:30', '+0530', '+24:00', '+05:60', '', 'z', '+5:00']);
      const timestamp = `"${day}${pick(['T', 'T', 'T', ' '])}${clock}${fraction}${zone}"`;
      if (ways.check(message(timestamp), NOW)) scanned += 1;
      const number = pick([`${NOW}`, `${NOW}.75`, '-1', '8.65e15', '1e400', 'true']);
      if (ways.check(message(number), NOW)) scanned += 1;
    }
    expect(scanned).toBeGreaterThan(RUNS / 40);
  });
});
