import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { type SilenceState, silenceState } from '../notify/silence.ts';
import { acknowledgementsSince, saveAcknowledgement } from '../store/acknowledgements.ts';
import type { Store } from '../store/client.ts';
import { saveSilence, silencesEndingAfter } from '../store/silences.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Suppressions } from './suppressions.ts';

const STATES: readonly SilenceState[] = ['active', 'pending', 'expired'];

/** Wires silences and acknowledgements to the store, and counts them. */
export function createSuppressions({
  clock,
  store,
  telemetry,
}: {
  readonly clock: Clock;
  readonly store: Store;
  readonly telemetry?: Telemetry;
}): Suppressions {
  return new Suppressions({
    clock,
    newId: () => randomUUID(),
    silencesEndingAfter: (instant) => silencesEndingAfter(store, instant),
    saveSilence: (silence) => saveSilence(store, silence),
    acknowledgementsSince: (instant) => acknowledgementsSince(store, instant),
    saveAcknowledgement: (acknowledgement) => saveAcknowledgement(store, acknowledgement),
    onRefresh: ({ silences, acknowledgements }) => {
      for (const state of STATES) {
        const count = silences.filter((silence) => silenceState(silence, clock.now()) === state).length;
        telemetry?.silences.set({ state }, count);
      }
      telemetry?.acknowledgements.set(acknowledgements.length);
    },
  });
}
