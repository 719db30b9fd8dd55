import { type Random, seededRandom } from '../../src/base/random.ts';
import type { LogRecord } from '../../src/ingest/record.ts';
import { HOUR, MINUTE, MORNING } from '../support/events.ts';

export interface RandomLogOptions {
  readonly count: number;
  /** Event times lie up to this far behind the record's. */
  readonly scatter: number;
  /** The models, with their versions, that predictions are drawn from. */
  readonly models: ReadonlyArray<readonly [model: string, version: string]>;
}

/**
 * A seeded log: predictions, labels and garbage, with offsets that leave gaps as transactions do, and record timestamps
 * that mostly rise, through several hours. Numbers are eighths, so that their sums are exact.
 */
export function randomLog(seed: number, options: RandomLogOptions): LogRecord[] {
  const random = seededRandom(seed);
  const records: LogRecord[] = [];
  let offset = 0;
  let time = MORNING;
  for (let i = 0; i < options.count; i += 1) {
    offset += random() < 0.05 ? 1 + whole(random, 4) : 1;
    time += random() < 0.02 ? 20 * MINUTE : whole(random, 20_000);
    const timestamp = random() < 0.1 ? time - whole(random, HOUR) : time;
    records.push({ offset, timestamp, value: payloadOf(random, i, timestamp, options) });
  }
  return records;
}

function payloadOf(random: Random, i: number, recordTime: number, options: RandomLogOptions): Buffer | null {
  const kind = random();
  if (kind < 0.04) return pick(random, GARBAGE);
  const timestamp = recordTime - whole(random, options.scatter + 1);
  const [model, version] = pick(random, options.models);
  const id = `p${random() < 0.1 ? whole(random, i + 1) : i}`;
  if (kind < 0.2) {
    const label = pick(random, ['ok', 'fraud']);
    return json({ model, prediction_id: `p${whole(random, i + 1)}`, label, timestamp });
  }
  return json({
    model,
    version,
    timestamp,
    ...(random() < 0.9 && { prediction_id: id }),
    features: {
      amount: pick(random, [whole(random, 64) / 8, whole(random, 64) / 8, -4.5, 99, null, 'many']),
      country: pick(random, ['DE', 'FR', 'DE', `new${whole(random, 30)}`, null, 7]),
      flag: random() < 0.5,
    },
    prediction: pick(random, ['ok', 'fraud']),
    score: whole(random, 8) / 8,
    ...(random() < 0.05 && { label: 'ok' }),
  });
}

const GARBAGE: ReadonlyArray<Buffer | null> = [
  null,
  Buffer.from('{"model":'),
  Buffer.from([0xff, 0x00]),
  json({ model: 'fraud', timestamp: 'yesterday', features: {} }),
  json({ timestamp: MORNING, features: {} }),
  json({ model: 'fraud', timestamp: 0, features: {} }),
];

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function whole(random: Random, below: number): number {
  return Math.floor(random() * below);
}

function pick<T>(random: Random, values: readonly T[]): T {
  return values[whole(random, values.length)] as T;
}
