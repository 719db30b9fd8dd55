import { describe, expect, it } from 'vitest';
import { notificationQuery } from '../../src/http/notification-query.ts';

describe('the query for notifications', () => {
  it.each([
    ['', { limit: 100 }],
    ['status=dead&receiver=team&limit=5', { status: 'dead', receiver: 'team', limit: 5 }],
  ])('reads %j', (text, expected) => {
    expect(notificationQuery(new URLSearchParams(text))).toEqual(expected);
  });

  it.each([
    ['status=lost', 'status: expected one of pending, sent, dead, cancelled'],
    ['limit=0', 'limit: expected a whole number from 1 to 1000'],
    ['limit=1001', 'limit: expected a whole number from 1 to 1000'],
    ['limit=x', 'limit: expected a whole number from 1 to 1000'],
    ['state=dead', 'unknown parameter "state"; known are status, receiver and limit'],
  ])('says what is wrong with %j', (text, fault) => {
    expect(notificationQuery(new URLSearchParams(text))).toEqual({ fault });
  });
});
