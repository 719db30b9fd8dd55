import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder, type DecoderOptions } from '../../src/decode/decoder.ts';
import { REJECT_REASONS } from '../../src/event/events.ts';

const NOW = Date.parse('2026-11-22T08:00:00Z');

const OPTIONS: DecoderOptions = {
  maxBytes: 1_000_000,
  mapping: undefined,
  maxAge: 30 * 86_400_000,
  maxFuture: 3_600_000,
  knowsModel: () => true,
  positiveClass: () => undefined,
};
const decode = createDecoder(OPTIONS);

const event = (features: string): string => `{"model":"fraud","timestamp":${NOW},"features":${features}}`;
const decodeText = (text: string): ReturnType<typeof decode> => decode(Buffer.from(text), NOW);

describe('the decoder', () => {
  it('turns bytes into an event', () => {
    expect(decodeText(event('{"amount":129.9,"city":"Zürich"}'))).toMatchObject({
      kind: 'ok',
      value: { kind: 'prediction', features: { amount: 129.9, city: 'Zürich' } },
    });
  });

  it('rejects a record without a value', () => {
    expect(decode(null, NOW)).toMatchObject({ kind: 'reject', reason: 'empty' });
    expect(decode(Buffer.alloc(0), NOW)).toMatchObject({ kind: 'reject', reason: 'empty' });
  });

  it('does not look at more bytes than it may', () => {
    const small = createDecoder({ ...OPTIONS, maxBytes: 100 });
    const fitting = event('{"a":1}').padEnd(100);
    expect(small(Buffer.from(fitting), NOW)).toMatchObject({ kind: 'ok' });
    expect(small(Buffer.from(`${fitting} `), NOW)).toMatchObject({
      kind: 'reject',
      reason: 'too_large',
      detail: '101 bytes are more than the limit of 100',
    });
    expect(decode(Buffer.alloc(5_000_000, '{'), NOW)).toMatchObject({ kind: 'reject', reason: 'too_large' });
  });

  it.each([
    ['a text that is not JSON', 'model=fraud'],
    ['half of an event', event('{}').slice(0, -3)],
    ['two events in one record', `${event('{}')}\n${event('{}')}`],
    ['NaN, which some producers write', event('{"a":NaN}')],
    ['Infinity', event('{"a":Infinity}')],
    ['a bracket that is never closed, 100 000 times', '['.repeat(100_000)],
    ['bytes that are no UTF-8', '\xff\xfe{}'],
  ])('rejects %s', (_, text) => {
    const outcome = decode(Buffer.from(text, 'latin1'), NOW);
    expect(outcome).toMatchObject({ kind: 'reject', reason: 'not_json' });
    if (outcome.kind === 'reject') expect(outcome.detail.length).toBeLessThanOrEqual(200);
  });

  it('takes a number beyond all doubles for an event with an invalid feature', () => {
    expect(decodeText(event('{"a":1e400,"b":-1e400}'))).toMatchObject({
      kind: 'ok',
      value: { features: { a: Number.POSITIVE_INFINITY, b: Number.NEGATIVE_INFINITY } },
    });
  });

  it('is not impressed by nesting', () => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(decodeText(deep)).toMatchObject({ kind: 'reject', reason: 'wrong_shape' });
    expect(decodeText(event(`{"a":${deep},"b":1}`))).toMatchObject({
      kind: 'ok',
      value: { features: { b: 1 } },
    });
    expect(decodeText(event(deep))).toMatchObject({ kind: 'reject', reason: 'wrong_shape' });
  });

  it('reads foreign payloads through a mapping before it judges them', () => {
    const mapping = { model: 'fraud', timestamp: '$.meta.at', features: '$.inputs' };
    const mapped = createDecoder({ ...OPTIONS, mapping });
    expect(mapped(Buffer.from(`{"meta":{"at":${NOW}},"inputs":{"a":1}}`), NOW)).toMatchObject({
      kind: 'ok',
      value: { model: 'fraud', timestamp: NOW, features: { a: 1 } },
    });
    expect(mapped(Buffer.from('{"inputs":{"a":1}}'), NOW)).toMatchObject({
      kind: 'reject',
      reason: 'bad_timestamp',
    });
    expect(mapped(Buffer.from('"text"'), NOW)).toMatchObject({ kind: 'reject', reason: 'wrong_shape' });
  });

  it('never throws, whatever the bytes', () => {
    const mapped = createDecoder({ ...OPTIONS, mapping: { features: "$['a'][0]" } });
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((made) => Buffer.from(made)),
      fc.json().map((text) => Buffer.from(text)),
      fc.string().map((text) => Buffer.from(event(text))),
    );
    fc.assert(
      fc.property(bytes, fc.option(fc.double(), { nil: undefined }), (payload, recordTime) => {
        for (const decoder of [decode, mapped]) {
          const outcome = decoder(payload, recordTime);
          expect(['ok', 'reject']).toContain(outcome.kind);
          if (outcome.kind === 'reject') expect(REJECT_REASONS).toContain(outcome.reason);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('reads an event the same whoever wrote its JSON', () => {
    const features = fc.dictionary(
      fc.string(),
      fc.oneof(fc.double(), fc.string(), fc.boolean(), fc.constant(null)),
    );
    fc.assert(
      fc.property(features, (made) => {
        const text = JSON.stringify(made);
        const outcome = decodeText(event(text));
        expect(outcome).toMatchObject({ kind: 'ok', value: { kind: 'prediction' } });
        if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') return;
        expect(JSON.stringify(outcome.value.features)).toBe(text);
      }),
    );
  });
});
