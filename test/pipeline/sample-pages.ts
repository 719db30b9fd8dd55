import type { PredictionEvent } from '../../src/event/events.ts';

/** Events in pages, as a store gives the sample that a baseline is learned from. */
export async function* pagesOf(
  events: readonly PredictionEvent[],
  size = 30,
): AsyncGenerator<readonly PredictionEvent[]> {
  for (let from = 0; from < events.length; from += size) yield events.slice(from, from + size);
}
