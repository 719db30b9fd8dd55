import type { ScanMemory } from './scan-memory.ts';

/** One step of a message that is being learned: the bytes from one value to the next. */
export interface Step {
  readonly from: number;
  readonly to: number;
  /** Positions of the objects that begin in these bytes. */
  readonly opens: readonly number[];
  /** Position of the value behind them; undefined at the end of the message. */
  readonly position: number | undefined;
}

export const ROOT = 0;
/** Transitions from one place: they are tried one by one. */
const MAX_CHOICES = 512;
/** Words of a transition and of a place in the memory. */
const TRANSITION_WORDS = 6;
const PLACE_WORDS = 2;
const NONE = 0;

/**
 * What is known of how messages are laid out. Each key of each object has a *position*. Known messages are walks through a
 * graph: from a value to the next one by the exact bytes in between, a *transition*. The objects that are open at a value
 * follow from its position, so that any walk from beginning to end is a well-formed message, whether or not that very
 * message has been seen. The graph lies in the scanner's memory.
 */
export class Layout {
  /** Changes when there is a new position. */
  revision = 0;
  /** True when it has reached a bound and learns nothing more. */
  full = false;
  readonly #memory: ScanMemory;
  readonly #children: Array<Map<string, number> | undefined> = [undefined];
  #transitions = 0;
  #textEnd: number;

  /** Makes the memory's graph an empty one. */
  constructor(memory: ScanMemory) {
    const { PLACES, TRANSITIONS, TEXT } = memory.constants;
    this.#memory = memory;
    this.#textEnd = TEXT;
    memory.words.fill(NONE, PLACES >> 2, TRANSITIONS >> 2);
  }

  /** The position of a key of the object at `parent`; -1 while no message had it. */
  child(parent: number, name: string): number {
    return this.#children[parent]?.get(name) ?? -1;
  }

  /** Like `child`, and makes a position where there is none; -1 when there is no room for one. */
  addChild(parent: number, name: string): number {
    let children = this.#children[parent];
    const known = children?.get(name);
    if (known !== undefined) return known;
    const position = this.#children.length;
    if (position === this.#memory.constants.MAX_POSITIONS) {
      this.full = true;
      return -1;
    }
    if (children === undefined) {
      children = new Map();
      this.#children[parent] = children;
    }
    children.set(name, position);
    this.#children.push(undefined);
    this.revision += 1;
    return position;
  }

  /** Adds a message that JSON.parse takes. */
  learn(bytes: Buffer, steps: readonly Step[]): void {
    const { words, constants } = this.#memory;
    let place = constants.PLACES >> 2;
    for (const step of steps) {
      const transition = this.#find(place, bytes, step) ?? this.#add(place, bytes, step);
      if (transition === undefined) return;
      words[place] = transition << 2;
      if (step.position === undefined) return;
      place = (constants.PLACES >> 2) + step.position * PLACE_WORDS;
    }
  }

  #find(place: number, bytes: Buffer, { from, to }: Step): number | undefined {
    const { words, bytes: memory } = this.#memory;
    for (let at = words[place + 1] as number; at !== NONE; at = words[(at >> 2) + 4] as number) {
      const text = words[at >> 2] as number;
      const length = words[(at >> 2) + 1] as number;
      if (length === to - from && bytes.compare(memory, text, text + length, from, to) === 0) return at >> 2;
    }
    return undefined;
  }

  /** @returns the word where the transition begins; undefined when there is no room. */
  #add(place: number, bytes: Buffer, { from, to, opens, position }: Step): number | undefined {
    const { words, constants } = this.#memory;
    const length = to - from;
    const text = this.#textEnd;
    const list = (text + length + 7) & ~3;
    const end = list + 4 * (opens.length + 1);
    const before = this.#last(place);
    if (
      before === undefined ||
      this.#transitions === constants.MAX_TRANSITIONS ||
      end > constants.TEXT + constants.TEXT_ROOM
    ) {
      this.full = true;
      return undefined;
    }
    bytes.copy(this.#memory.bytes, text, from, to);
    words[list >> 2] = opens.length;
    words.set(opens, (list >> 2) + 1);
    const transition = (constants.TRANSITIONS >> 2) + this.#transitions * TRANSITION_WORDS;
    words[transition] = text;
    words[transition + 1] = length;
    words[transition + 2] = opens.length === 0 ? NONE : list;
    words[transition + 3] = position ?? -1;
    words[transition + 4] = NONE;
    words[before] = transition << 2;
    this.#transitions += 1;
    this.#textEnd = end;
    return transition;
  }

  /** The word that shall name the next transition from a place; undefined when the place has too many. */
  #last(place: number): number | undefined {
    const { words } = this.#memory;
    let link = place + 1;
    for (let count = 0; count < MAX_CHOICES; count += 1) {
      const at = words[link] as number;
      if (at === NONE) return link;
      link = (at >> 2) + 4;
    }
    return undefined;
  }
}
