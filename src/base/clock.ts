/** Milliseconds since the Unix epoch, UTC. */
export type Millis = number;

/** Where "now" comes from. Everything that needs the time takes one, so that a test can hold it still. */
export interface Clock {
  now(): Millis;
}

export const systemClock: Clock = { now: () => Date.now() };
