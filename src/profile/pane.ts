import type { Millis } from '../base/clock.ts';

/** The start of the pane that an instant lies in. Panes are aligned to the Unix epoch, UTC. */
export function paneStart(instant: Millis, pane: Millis): Millis {
  return Math.floor(instant / pane) * pane;
}
