import { describe, expect, it } from 'vitest';
import { outcomeOf, parseRetryAfter } from '../../src/notify/http-post.ts';

const NOW = Date.UTC(2026, 10, 22, 9);

const header = () => undefined;

describe('parseRetryAfter', () => {
  it.each([
    ['7', 7000],
    ['0', 0],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    [new Date(NOW - 90_000).toUTCString(), 0],
    ['-1', undefined],
    ['1.5', undefined],
    ['soon', undefined],
    ['', undefined],
    [undefined, undefined],
    [['1', '2'], undefined],
  ])('reads %j as %j', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected);
  });
});

describe('outcomeOf', () => {
  it.each([
    [200, 'sent'],
    [204, 'sent'],
    [301, 'retry'],
    [308, 'retry'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [408, 'retry'],
    [410, 'gone'],
    [413, 'refused'],
    [425, 'retry'],
    [429, 'retry'],
    [500, 'retry'],
    [503, 'retry'],
  ])('takes %d for %s', (status, kind) => {
    expect(outcomeOf({ kind: 'answered', status, body: '', retryAfter: undefined, header }).kind).toBe(kind);
  });

  it('passes on how long to wait', () => {
    const outcome = outcomeOf({ kind: 'answered', status: 503, body: '', retryAfter: 5000, header });
    expect(outcome).toEqual({ kind: 'retry', reason: 'answered 503', after: 5000 });
  });
});
