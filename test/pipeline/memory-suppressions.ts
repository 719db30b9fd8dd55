import { Suppressions } from '../../src/pipeline/suppressions.ts';
import type { StoredAcknowledgement } from '../../src/store/acknowledgements.ts';
import type { StoredSilence } from '../../src/store/silences.ts';

/** Tables of silences and acknowledgements in memory, and a clock to go with them. */
export class MemorySuppressions {
  readonly silences = new Map<string, StoredSilence>();
  readonly acknowledgements = new Map<string, StoredAcknowledgement>();
  now: number;
  #ids = 0;

  constructor(now: number) {
    this.now = now;
  }

  process(): Suppressions {
    return new Suppressions({
      clock: { now: () => this.now },
      newId: () => {
        this.#ids += 1;
        return `id-${this.#ids}`;
      },
      silencesEndingAfter: async (instant) =>
        [...this.silences.values()].filter(({ endsAt }) => endsAt > instant),
      saveSilence: async (silence) => {
        const before = this.silences.get(silence.id);
        if (silence.updatedAt >= (before?.updatedAt ?? 0)) this.silences.set(silence.id, silence);
      },
      acknowledgementsSince: async (instant) =>
        [...this.acknowledgements.values()].filter(
          ({ createdAt, withdrawn }) => createdAt >= instant && !withdrawn,
        ),
      saveAcknowledgement: async (acknowledgement) =>
        void this.acknowledgements.set(acknowledgement.id, acknowledgement),
    });
  }
}
