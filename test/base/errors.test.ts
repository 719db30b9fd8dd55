import { describe, expect, it } from 'vitest';
import { DriftdError, isRetryable, messageOf } from '../../src/base/errors.ts';

describe('DriftdError', () => {
  it('has a code, a message and a cause, and is not retryable unless it says so', () => {
    const cause = new Error('ECONNREFUSED');
    const error = new DriftdError('environment', 'the store cannot be reached', { cause, retryable: true });
    expect(error).toMatchObject({ name: 'DriftdError', code: 'environment', retryable: true, cause });
    expect(new DriftdError('input', 'wrong')).toMatchObject({ code: 'input', retryable: false });
    expect('cause' in new DriftdError('input', 'wrong')).toBe(false);
  });

  it('alone can say that trying again helps', () => {
    expect(isRetryable(new DriftdError('environment', 'busy', { retryable: true }))).toBe(true);
    expect(isRetryable(new DriftdError('environment', 'gone'))).toBe(false);
    expect(isRetryable(Object.assign(new Error('busy'), { retryable: true }))).toBe(false);
    expect(isRetryable(undefined)).toBe(false);
  });
});

describe('messageOf', () => {
  it('is the text of anything that was thrown', () => {
    expect([new Error('broken'), 'text', 7, undefined, null].map(messageOf)).toEqual([
      'broken',
      'text',
      '7',
      'undefined',
      'null',
    ]);
  });
});
