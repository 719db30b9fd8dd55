import { describe, expect, it } from 'vitest';
import {
  bareDeadLetterMessage,
  type DeadLetter,
  deadLetterMessage,
  sizeOf,
} from '../../../src/ingest/kafka/dead-letter.ts';
import type { LogRecord } from '../../../src/ingest/record.ts';
import { MORNING } from '../../support/events.ts';

function letterOf(change: Partial<LogRecord> = {}): DeadLetter {
  const record = {
    offset: 17,
    timestamp: MORNING,
    key: Buffer.from('customer-9'),
    value: Buffer.from('{"model":'),
    headers: { trace: Buffer.from('abc'), via: [Buffer.from('a'), Buffer.from('b')] },
    ...change,
  };
  return { topic: 'predictions', partition: 3, record, reason: 'not_json', detail: 'Unexpected end' };
}

const OWN = {
  '__driftd.errors.topic': 'predictions',
  '__driftd.errors.partition': '3',
  '__driftd.errors.offset': '17',
  '__driftd.errors.reason': 'not_json',
  '__driftd.errors.detail': 'Unexpected end',
  '__driftd.errors.timestamp': String(MORNING),
  '__driftd.errors.value.size': '9',
};

describe('a dead letter', () => {
  it('is the record as it was, with headers that say where it stood and what was wrong', () => {
    const { record } = letterOf();
    expect(deadLetterMessage(letterOf(), 1_000)).toEqual({
      key: record.key,
      value: record.value,
      timestamp: String(MORNING),
      headers: { ...record.headers, ...OWN },
    });
  });

  it('is cut where it is too long, and says how long it was', () => {
    const letter = letterOf({ key: Buffer.alloc(20, 'k'), value: Buffer.alloc(5_000, 'v') });
    const message = deadLetterMessage(letter, 10);
    expect([message.key, message.value]).toEqual([Buffer.alloc(10, 'k'), Buffer.alloc(10, 'v')]);
    expect(message.headers).toMatchObject({ '__driftd.errors.value.size': '5000' });
  });

  it('has no key, value or timestamp where the record had none', () => {
    const letter = letterOf({ key: null, value: null, timestamp: -1, headers: {} });
    expect(deadLetterMessage(letter, 10)).toEqual({
      key: null,
      value: null,
      headers: { ...OWN, '__driftd.errors.timestamp': '-1', '__driftd.errors.value.size': '0' },
    });
    const { key: _, headers: __, timestamp: ___, ...bare } = letterOf().record;
    const unstamped = deadLetterMessage({ ...letterOf(), record: { ...bare, timestamp: undefined } }, 10);
    expect(unstamped).not.toHaveProperty('timestamp');
    expect(unstamped.key).toBeNull();
  });

  it('leaves headers out that are too long', () => {
    const letter = letterOf({ headers: { large: Buffer.alloc(20_000) } });
    expect(deadLetterMessage(letter, 10).headers).toEqual(OWN);
  });

  it('is short where the topic takes no long ones, whatever the record was', () => {
    const letter = letterOf({
      key: Buffer.alloc(1e6),
      value: Buffer.alloc(1e6),
      timestamp: Number.MAX_VALUE,
    });
    const message = bareDeadLetterMessage(letter);
    expect(sizeOf(message)).toBeLessThan(3_000);
    expect(message).not.toHaveProperty('timestamp');
    expect(message.headers).toMatchObject({ '__driftd.errors.offset': '17' });
  });
});
