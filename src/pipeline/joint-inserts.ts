import type { Store } from '../store/client.ts';
import { INSERT_BYTES, insertBytes } from './insert-sizes.ts';

/** Rows that go into a table together. */
interface Insert {
  readonly parts: Array<readonly object[]>;
  bytes: number;
  readonly begin: () => void;
  readonly stored: Promise<void>;
}

/** The inserts into one table. */
interface Line {
  running: number;
  readonly waiting: Insert[];
}

/**
 * Inserts for many partitions: those that would wait for one another go together. An insert takes the engine some milliseconds
 * however few its rows are, and when many partitions flush at a time, that is most of what they take.
 */
export class JointInserts {
  readonly #store: Pick<Store, 'insert' | 'writers'>;
  readonly #lines = new Map<string, Line>();

  constructor(store: Pick<Store, 'insert' | 'writers'>) {
    this.#store = store;
  }

  /** Resolves when the rows are stored. What an insert fails with, everybody hears whose rows it had. */
  insert(table: string, rows: readonly object[]): Promise<void> {
    const line = this.#lineOf(table);
    const bytes = insertBytes(table, rows);
    const joined = line.waiting.find((waiting) => waiting.bytes + bytes <= INSERT_BYTES);
    if (joined !== undefined) {
      joined.parts.push(rows);
      joined.bytes += bytes;
      return joined.stored;
    }
    let begin = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      begin = resolve;
    });
    const parts = [rows];
    const stored = turn.then(() => this.#store.insert(table, parts.flat()));
    line.waiting.push({ parts, bytes, begin, stored });
    const end = (): void => {
      line.running -= 1;
      this.#begin(line);
    };
    stored.then(end, end);
    this.#begin(line);
    return stored;
  }

  #begin(line: Line): void {
    if (line.running >= this.#store.writers) return;
    const next = line.waiting.shift();
    if (next === undefined) return;
    line.running += 1;
    next.begin();
  }

  #lineOf(table: string): Line {
    const line = this.#lines.get(table) ?? { running: 0, waiting: [] };
    this.#lines.set(table, line);
    return line;
  }
}
