import { z } from 'zod';
import type { Millis } from '../base/clock.ts';
import { createMatcher, type Matcher, type MatchOperator } from '../notify/matcher.ts';
import { type Acknowledgement, type Silence, silenceState } from '../notify/silence.ts';

/** Silences that nobody would outlive are mistakes; the store's time ends in the next century, too. */
const LATEST: Millis = Date.UTC(2100, 0, 1);

const instant = z.iso
  .datetime({ offset: true, error: 'must be a time such as 2026-11-22T08:00:00Z' })
  .transform((text) => Date.parse(text));

const matcher = z
  .object({
    // What is no matcher must not get to the checks of all matchers.
    name: z.string().regex(/^[a-zA-Z_]\w*$/, { error: 'must be the name of a label', abort: true }),
    value: z.string().max(1_000, { abort: true }),
    isRegex: z.boolean().default(false),
    isEqual: z.boolean().default(true),
  })
  .transform(({ name, value, isRegex, isEqual }, context) => {
    const made = createMatcher(name, operatorOf(isRegex, isEqual), value);
    if (made !== undefined) return made;
    context.addIssue({ code: 'custom', message: 'is no regular expression', path: ['value'] });
    return z.NEVER;
  });

const matchers = z.array(matcher).max(100);
const createdBy = z.string().trim().min(1, 'must say who').max(200);
const comment = z.string().trim().max(2_000);

/** A silence as Alertmanager's API v2 takes it. What else stands in one that was read and is sent back is ignored. */
export const silenceBody = z
  .object({
    id: z.string().optional(),
    matchers,
    startsAt: instant,
    endsAt: instant,
    createdBy,
    comment: comment.min(1, 'must say why'),
  })
  .refine(({ startsAt, endsAt }) => startsAt < endsAt, {
    error: 'must be later than startsAt',
    path: ['endsAt'],
  })
  .refine(({ endsAt }) => endsAt < LATEST, { error: 'must be before the year 2100', path: ['endsAt'] })
  .refine(({ matchers }) => matchers.some((one) => !one.matches({})), {
    error: 'must hold one that does not fit the empty text; else every alert would be silenced',
    path: ['matchers'],
  });

/** Whom an acknowledgement is about, and by whom it is: matchers, or the fingerprint of one alert, or both. */
export const acknowledgementBody = z
  .object({
    matchers: matchers.default([]),
    fingerprint: z.string().min(1).max(100).optional(),
    createdBy,
    comment: comment.default(''),
  })
  .refine(({ matchers, fingerprint }) => matchers.length > 0 || fingerprint !== undefined, {
    error: 'must hold a matcher, or name the fingerprint of an alert',
    path: ['matchers'],
  });

export interface MatcherJson {
  readonly name: string;
  readonly value: string;
  readonly isRegex: boolean;
  readonly isEqual: boolean;
}

/** A silence as Alertmanager's API v2 gives it. */
export interface SilenceJson {
  readonly id: string;
  readonly status: { readonly state: 'active' | 'pending' | 'expired' };
  readonly matchers: readonly MatcherJson[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly updatedAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export interface AcknowledgementJson {
  readonly id: string;
  readonly matchers: readonly MatcherJson[];
  readonly fingerprint: string | null;
  readonly createdAt: string;
  readonly createdBy: string;
  readonly comment: string;
}

export function silenceJson(silence: Silence, now: Millis): SilenceJson {
  const { id, createdBy, comment } = silence;
  return {
    id,
    status: { state: silenceState(silence, now) },
    matchers: silence.matchers.map(matcherJson),
    startsAt: isoTime(silence.startsAt),
    endsAt: isoTime(silence.endsAt),
    updatedAt: isoTime(silence.updatedAt),
    createdBy,
    comment,
  };
}

export function acknowledgementJson(acknowledgement: Acknowledgement): AcknowledgementJson {
  const { id, matchers, fingerprint = null, createdAt, createdBy, comment } = acknowledgement;
  return {
    id,
    matchers: matchers.map(matcherJson),
    fingerprint,
    createdAt: isoTime(createdAt),
    createdBy,
    comment,
  };
}

export function matcherJson({ label, operator, value }: Omit<Matcher, 'matches'>): MatcherJson {
  return { name: label, value, isRegex: operator.endsWith('~'), isEqual: operator.startsWith('=') };
}

export function operatorOf(isRegex: boolean, isEqual: boolean): MatchOperator {
  if (isRegex) return isEqual ? '=~' : '!~';
  return isEqual ? '=' : '!=';
}

function isoTime(instant: Millis): string {
  return new Date(instant).toISOString();
}
