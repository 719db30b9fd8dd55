/**
 * What a detector says of the newest value: nothing, that it is on its guard (`warning`), or that the mean of the stream has
 * changed, and in which direction.
 */
export type ChangeSignal = 'none' | 'warning' | 'increase' | 'decrease';

/** A detector after one more value. After `increase` and `decrease` the state is that of the beginning. */
export interface ChangeStep<State> {
  readonly state: State;
  readonly signal: ChangeSignal;
}

/** @throws RangeError for what is no number: it would stay in the state for ever. */
export function assertObservation(x: number): void {
  if (!Number.isFinite(x)) throw new RangeError(`${x} is no observation`);
}
