import { randomUUID } from 'node:crypto';
import type { Clock, Millis } from '../base/clock.ts';
import { type SilenceState, silenceState } from '../notify/silence.ts';
import { acknowledgementsSince, saveAcknowledgement } from '../store/acknowledgements.ts';
import type { Store } from '../store/client.ts';
import { remembered } from '../store/remembered.ts';
import { saveSilence, silencesEndingAfter } from '../store/silences.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';
import { Suppressions } from './suppressions.ts';

const HOUR: Millis = 3_600_000;

/** A little more than asked for is as well, and is the same for a while. */
function hourOf(instant: Millis): Millis {
  return Math.floor(instant / HOUR) * HOUR;
}

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
  const silences = remembered(store, ['silences'], (instant: Millis) => silencesEndingAfter(store, instant));
  const acknowledgements = remembered(store, ['acknowledgements'], (instant: Millis) =>
    acknowledgementsSince(store, instant),
  );
  return new Suppressions({
    clock,
    newId: () => randomUUID(),
    silencesEndingAfter: (instant) => silences(hourOf(instant)),
    saveSilence: (silence) => saveSilence(store, silence),
    acknowledgementsSince: (instant) => acknowledgements(hourOf(instant)),
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
