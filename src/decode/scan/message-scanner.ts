import type { PackedBytes } from '../../base/packed-bytes.ts';
import { Layout } from './layout.ts';
import { ScanMemory } from './scan-memory.ts';
import { stepsOf } from './steps.ts';

/** Learning a message costs as much as reading ten. In the long run, so many messages pay for one. */
const MESSAGES_PER_LESSON = 50;
const MAX_LESSONS = 500;
/** Below this share of recent messages that were known, trying is not worth it: then one in so many is tried. */
const WORTHWHILE = 0.2;
const PROBE_EVERY = 64;
/** Weight of one message in the share of known ones. */
const NEWEST = 0.01;
/** Longer messages are for JSON.parse. */
const MAX_BYTES = 4 * 1024 * 1024;

/**
 * Reads messages that are laid out like earlier ones without making objects of them: the bytes between values are compared
 * with those that are known, and values are read where they lie. Whatever it takes, JSON.parse takes as well, and gives the
 * same values. Whatever surprises it is for JSON.parse, and may be learned afterwards.
 */
export class MessageScanner {
  readonly memory = new ScanMemory();
  layout = new Layout(this.memory);
  /** Values are those of the message that was scanned last, where their stamp is this. */
  stamp = 0;
  #lessons = MAX_LESSONS;
  #knownShare = 1;
  #untried = 0;

  /** @param message of one byte at least. @returns true when it is known; its values are then in the memory, until the next call. */
  scan(message: Buffer | PackedBytes): boolean {
    if (this.#lessons < MAX_LESSONS) this.#lessons += 1 / MESSAGES_PER_LESSON;
    if (this.#knownShare < WORTHWHILE) {
      this.#untried += 1;
      if (this.#untried < PROBE_EVERY) return false;
      this.#untried = 0;
    }
    if (message.length > MAX_BYTES) return false;
    this.#nextStamp();
    const isWhole = Buffer.isBuffer(message);
    // A buffer of its own may be filled anew by whoever owns it.
    if (isWhole) this.memory.forget();
    const isKnown = isWhole
      ? this.memory.scan(message, 0, message.length, this.stamp)
      : this.memory.scan(message.bytes, message.begin, message.end, this.stamp);
    this.#knownShare += NEWEST * ((isKnown ? 1 : 0) - this.#knownShare);
    return isKnown;
  }

  /** Takes in a message that `scan` did not know and that JSON.parse made an object of. */
  learn(message: Buffer): void {
    if (this.#untried > 0 || this.#lessons < 1) return;
    this.#lessons -= 1;
    // What filled it may have been one bad hour of a producer.
    if (this.layout.full) this.layout = new Layout(this.memory);
    const steps = stepsOf(this.layout, message);
    if (steps !== undefined) this.layout.learn(message, steps);
  }

  #nextStamp(): void {
    if (this.stamp === 0x7fff_ffff) {
      this.memory.stamps.fill(0);
      this.stamp = 0;
    }
    this.stamp += 1;
  }
}
