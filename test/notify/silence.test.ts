import { describe, expect, it } from 'vitest';
import { type Matcher, parseMatcher } from '../../src/notify/matcher.ts';
import { acknowledges, silenceState, silences } from '../../src/notify/silence.ts';
import { alertOf, HOUR, INSTANT } from './examples.ts';

function matchersOf(...texts: string[]): Matcher[] {
  return texts.map((text) => parseMatcher(text)!);
}

const silence = {
  id: 's1',
  matchers: matchersOf('model="fraud"', 'feature=~"am.*"'),
  startsAt: INSTANT,
  endsAt: INSTANT + HOUR,
  createdBy: 'ada',
  comment: 'migration',
  updatedAt: INSTANT,
};

describe('a silence', () => {
  it('holds from its start until just before its end', () => {
    const states = [INSTANT - 1, INSTANT, INSTANT + HOUR - 1, INSTANT + HOUR].map((now) =>
      silenceState(silence, now),
    );
    expect(states).toEqual(['pending', 'active', 'active', 'expired']);
    const { labels } = alertOf();
    expect([INSTANT - 1, INSTANT, INSTANT + HOUR].map((now) => silences(silence, labels, now))).toEqual([
      false,
      true,
      false,
    ]);
  });

  it('wants all matchers to fit', () => {
    expect(silences(silence, alertOf({ labels: { feature: 'country' } }).labels, INSTANT)).toBe(false);
    expect(silences(silence, alertOf({ labels: { model: 'churn' } }).labels, INSTANT)).toBe(false);
  });
});

describe('an acknowledgement', () => {
  const by = { id: 'a1', createdBy: 'ada', comment: '', createdAt: INSTANT + HOUR };
  const firing = alertOf({ firedAt: INSTANT });

  it('is about the alerts that fit all matchers and fired when it was made', () => {
    const acknowledgement = { ...by, matchers: matchersOf('model="fraud"'), fingerprint: undefined };
    expect(acknowledges(acknowledgement, firing)).toBe(true);
    expect(acknowledges(acknowledgement, { ...firing, labels: { model: 'churn' } })).toBe(false);
    expect(acknowledges(acknowledgement, { ...firing, firedAt: by.createdAt })).toBe(true);
    expect(acknowledges(acknowledgement, { ...firing, firedAt: by.createdAt + 1 })).toBe(false);
  });

  it('may be about one alert alone', () => {
    const acknowledgement = { ...by, matchers: [], fingerprint: firing.fingerprint };
    expect(acknowledges(acknowledgement, firing)).toBe(true);
    expect(acknowledges(acknowledgement, { ...firing, fingerprint: 'another' })).toBe(false);
  });
});
