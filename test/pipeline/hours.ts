import type { PredictionEvent } from '../../src/event/events.ts';
import type { BaselineDirectory } from '../../src/pipeline/baseline-directory.ts';
import type { Baseline } from '../../src/profile/baseline.ts';
import { saveActivation, saveBaseline } from '../../src/store/baselines.ts';
import type { Store } from '../../src/store/client.ts';
import { baselineOf, HOUR, MORNING, predictionOf } from '../support/events.ts';
import { activationOf, chunkOf, directoryOf, drainInto, takeAll } from '../support/open-chunks.ts';

/** An hour of traffic, counted in hours from MORNING; 400 predictions unless it says otherwise. */
export interface Hour {
  readonly hour: number;
  readonly count?: number;
  readonly version?: string;
  /** Added to every amount, which otherwise runs through 0..99. */
  readonly shift?: number;
}

export function eventsOf({ hour, count = 400, version = '7', shift = 0 }: Hour): PredictionEvent[] {
  return Array.from({ length: count }, (_, i) =>
    predictionOf({
      version,
      predictionId: `${version}-${hour}-${i}`,
      timestamp: MORNING + hour * HOUR + Math.floor((i * HOUR) / count),
      features: { amount: ((i * 37) % 100) + shift, country: i % 3 === 0 ? 'DE' : 'FR' },
      prediction: i % 10 === 0 ? 'fraud' : 'ok',
    }),
  );
}

/** What the model was trained on: the traffic of a day before, without any shift. */
export const REFERENCE: Baseline = baselineOf(eventsOf({ hour: -24, count: 1_000 }), {
  performance: new Map([['accuracy', { value: 0.95, n: 1_000 }]]),
});

/** Stores a baseline for all times, and the profiles and predictions of these hours. @returns the directory. */
export async function storeHours(
  store: Store,
  hours: readonly Hour[],
  baselines: readonly Baseline[] = [REFERENCE],
): Promise<BaselineDirectory> {
  for (const baseline of baselines) {
    await saveBaseline(store, baseline, 'file');
    await saveActivation(store, activationOf(baseline));
  }
  const directory = await directoryOf(baselines);
  const open = chunkOf(directory);
  for (const hour of hours) takeAll(open, eventsOf(hour));
  await drainInto(store, open);
  return directory;
}
