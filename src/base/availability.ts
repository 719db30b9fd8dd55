import { messageOf } from './errors.ts';

/** What is told about a change: one line when something goes away, one when it is back. */
export type AvailabilityListener = (change: { name: string; up: boolean; detail: string }) => void;

/** Knows whether something that driftd depends on can be reached, and tells changes only. */
export class Availability {
  readonly name: string;
  readonly #listener: AvailabilityListener;
  #up: boolean | undefined;
  #detail = 'not reached yet';

  constructor(name: string, listener: AvailabilityListener) {
    this.name = name;
    this.#listener = listener;
  }

  isUp(): boolean {
    return this.#up === true;
  }

  get detail(): string {
    return this.#detail;
  }

  up(): void {
    if (this.#up === true) return;
    const wasDown = this.#up === false;
    this.#up = true;
    this.#detail = 'ok';
    this.#listener({ name: this.name, up: true, detail: wasDown ? 'back' : 'reached' });
  }

  down(cause: unknown): void {
    const detail = messageOf(cause);
    this.#detail = detail;
    if (this.#up === false) return;
    this.#up = false;
    this.#listener({ name: this.name, up: false, detail });
  }
}
