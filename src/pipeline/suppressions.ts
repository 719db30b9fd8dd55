import type { Clock, Millis } from '../base/clock.ts';
import { DriftdError } from '../base/errors.ts';
import { createMatcher, type Matcher, type MatchOperator } from '../notify/matcher.ts';
import type { Acknowledgement, Silence } from '../notify/silence.ts';
import type { StoredAcknowledgement } from '../store/acknowledgements.ts';
import type { StoredSilence } from '../store/silences.ts';

export interface SuppressionPorts {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly silencesEndingAfter: (instant: Millis) => Promise<readonly StoredSilence[]>;
  readonly saveSilence: (silence: StoredSilence) => Promise<void>;
  readonly acknowledgementsSince: (instant: Millis) => Promise<readonly StoredAcknowledgement[]>;
  readonly saveAcknowledgement: (acknowledgement: StoredAcknowledgement) => Promise<void>;
  /** After every look at the store. */
  readonly onRefresh?: (suppressions: Suppressions) => void;
}

/** What somebody asks for; times in milliseconds. */
export type NewSilence = Pick<Silence, 'matchers' | 'startsAt' | 'endsAt' | 'createdBy' | 'comment'>;
export type NewAcknowledgement = Pick<Acknowledgement, 'matchers' | 'fingerprint' | 'createdBy' | 'comment'>;

const DAY: Millis = 24 * 3_600_000;
/** Expired silences are shown this long, as in Alertmanager. */
const SHOWN_AFTER_END: Millis = 5 * DAY;
/** An alert that has been firing for longer than this is told again, whoever acknowledged it. */
const ACKNOWLEDGED_FOR: Millis = 90 * DAY;
/** So that nobody can fill the memory: every step looks at all of them. */
const MOST = 1_000;
/** Acknowledgements that are older do not count: most of what they were about is over. */
const COUNTED: Millis = 7 * DAY;
const NO_PATTERN = { matches: () => false };

/**
 * The silences and acknowledgements that people have made. They are in the store, so every instance sees those of the
 * others; what was read last is kept for the page.
 */
export class Suppressions {
  readonly #ports: SuppressionPorts;
  #silences: readonly Silence[] = [];
  #acknowledgements: readonly Acknowledgement[] = [];

  constructor(ports: SuppressionPorts) {
    this.#ports = ports;
  }

  /** In order of their start; those that ended in the last days included. */
  get silences(): readonly Silence[] {
    return this.#silences;
  }

  get acknowledgements(): readonly Acknowledgement[] {
    return this.#acknowledgements;
  }

  async refresh(): Promise<void> {
    const now = this.#ports.clock.now();
    const [silences, acknowledgements] = await Promise.all([
      this.#ports.silencesEndingAfter(now - SHOWN_AFTER_END),
      this.#ports.acknowledgementsSince(now - ACKNOWLEDGED_FOR),
    ]);
    this.#silences = silences.map((row) => ({ ...row, matchers: matchersOf(row.matchers) }));
    this.#acknowledgements = acknowledgements.map(({ fingerprint, ...row }) => ({
      ...row,
      matchers: matchersOf(row.matchers),
      fingerprint: fingerprint === '' ? undefined : fingerprint,
    }));
    this.#ports.onRefresh?.(this);
  }

  /** Makes a silence, or changes the one with this id: as in Alertmanager, other matchers make another silence of it. */
  async silence(wanted: NewSilence, id?: string): Promise<Silence> {
    await this.refresh();
    const now = this.#ports.clock.now();
    if (wanted.endsAt <= now) throw new DriftdError('input', 'endsAt: must be in the future');
    const earlier = id === undefined ? undefined : this.#silences.find((silence) => silence.id === id);
    if (id !== undefined && earlier === undefined)
      throw new DriftdError('input', `there is no silence ${id}`);
    const goesOn =
      earlier !== undefined &&
      earlier.endsAt > now &&
      matchersText(earlier.matchers) === matchersText(wanted.matchers);
    if (!goesOn && this.#silences.filter(({ endsAt }) => endsAt > now).length >= MOST) {
      throw new DriftdError('input', `there are ${MOST} silences already; expire some first`);
    }
    if (earlier !== undefined && !goesOn && earlier.endsAt > now)
      await this.#save({ ...earlier, endsAt: now });
    const silence: Silence = {
      ...wanted,
      id: goesOn ? earlier.id : this.#ports.newId(),
      // What has been silenced so far stays so; a new one cannot silence the past.
      startsAt: goesOn && earlier.startsAt <= now ? earlier.startsAt : Math.max(wanted.startsAt, now),
      updatedAt: now,
    };
    await this.#save(silence);
    await this.refresh();
    return silence;
  }

  /** Ends a silence now. @returns false when there is none of this id. */
  async expire(id: string): Promise<boolean> {
    await this.refresh();
    const silence = this.#silences.find((candidate) => candidate.id === id);
    if (silence === undefined) return false;
    const now = this.#ports.clock.now();
    if (silence.endsAt > now) {
      await this.#save({ ...silence, startsAt: Math.min(silence.startsAt, now), endsAt: now });
      await this.refresh();
    }
    return true;
  }

  async acknowledge(wanted: NewAcknowledgement): Promise<Acknowledgement> {
    await this.refresh();
    const recently = this.#ports.clock.now() - COUNTED;
    if (this.#acknowledgements.filter(({ createdAt }) => createdAt > recently).length >= MOST) {
      throw new DriftdError('input', `there are ${MOST} acknowledgements of the last week already`);
    }
    const acknowledgement = { ...wanted, id: this.#ports.newId(), createdAt: this.#ports.clock.now() };
    await this.#saveAcknowledgement(acknowledgement, false);
    await this.refresh();
    return acknowledgement;
  }

  /** Takes an acknowledgement back. @returns false when there is none of this id. */
  async withdraw(id: string): Promise<boolean> {
    await this.refresh();
    const acknowledgement = this.#acknowledgements.find((candidate) => candidate.id === id);
    if (acknowledgement === undefined) return false;
    await this.#saveAcknowledgement(acknowledgement, true);
    await this.refresh();
    return true;
  }

  async #save({ id, matchers, startsAt, endsAt, createdBy, comment, updatedAt }: Silence): Promise<void> {
    // Of two rows of one id the later one counts, also when both are of one millisecond.
    const later = Math.max(this.#ports.clock.now(), updatedAt + 1);
    await this.#ports.saveSilence({
      id,
      matchers: matchersText(matchers),
      startsAt,
      endsAt,
      createdBy,
      comment,
      updatedAt: later,
    });
  }

  async #saveAcknowledgement(acknowledgement: Acknowledgement, withdrawn: boolean): Promise<void> {
    const { matchers, fingerprint = '', ...rest } = acknowledgement;
    const updatedAt = Math.max(this.#ports.clock.now(), rest.createdAt + (withdrawn ? 1 : 0));
    const row = { ...rest, matchers: matchersText(matchers), fingerprint, withdrawn, updatedAt };
    await this.#ports.saveAcknowledgement(row);
  }
}

type StoredMatcher = readonly [label: string, operator: MatchOperator, value: string];

function matchersText(matchers: readonly Matcher[]): string {
  const stored = matchers.map(({ label, operator, value }): StoredMatcher => [label, operator, value]);
  return JSON.stringify(stored);
}

function matchersOf(text: string): Matcher[] {
  return (JSON.parse(text) as StoredMatcher[]).map(
    // One that an older Node took for a pattern, and this one does not, silences nothing.
    ([label, operator, value]) =>
      createMatcher(label, operator, value) ?? { label, operator, value, ...NO_PATTERN },
  );
}
