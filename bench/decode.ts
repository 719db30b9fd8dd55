import { availableParallelism, cpus } from 'node:os';
import { PackedBytes } from '../src/base/packed-bytes.ts';
import { modelPolicies } from '../src/config/model-policies.ts';
import { configSchema } from '../src/config/schema.ts';
import { createDecoder } from '../src/decode/decoder.ts';
import { BaselineDirectory } from '../src/pipeline/baseline-directory.ts';
import { createBaseline } from '../src/pipeline/create-baseline.ts';
import { countAll } from './count-all.ts';
import { eventTexts, MODEL } from './ingest/events.ts';
import { measure, tableOf } from './measure.ts';

const FEATURES = 25;
const EVENTS = 20_000;
const REFERENCE_ROWS = 20_000;
/** Messages that lie together, as a fetch brings them of one partition. */
const BLOCK = 1_300;
const ROUNDS = 41;
const STEP = 36;

interface Message {
  readonly offset: number;
  readonly timestamp: number;
  readonly value: Buffer;
  readonly packed: PackedBytes;
}

/**
 * How fast messages become counts on one core, beside a loop of JSON.parse over the same bytes: the messages of the `ingest` bench as
 * they lie in the response to a fetch, with and without the feature of all numbers together.
 */
export async function decodeBench(): Promise<void> {
  const from = Date.UTC(2026, 10, 28);
  const messages = messagesFrom(from);
  const alone = await profiler(false, from);
  const together = await profiler(true, from);
  const measured = await measure(
    [
      { name: 'JSON.parse', run: () => parseAll(messages) },
      { name: 'decode and profile, without __multivariate__', run: () => alone(messages) },
      { name: 'decode and profile', run: () => together(messages) },
    ],
    ROUNDS,
  );
  const bytes = messages.reduce((sum, { value }) => sum + value.length, 0);
  console.log(
    `${EVENTS.toLocaleString('en')} events of ${Math.round(bytes / EVENTS)} bytes and ${FEATURES} features; median of ${ROUNDS} rounds; ` +
      `Node ${process.versions.node}, ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'})\n`,
  );
  console.log(tableOf(measured));
}

function messagesFrom(from: number): Message[] {
  const text = eventTexts(1, FEATURES);
  const messages: Message[] = [];
  for (let first = 0; first < EVENTS; first += BLOCK) {
    const values = Array.from({ length: Math.min(BLOCK, EVENTS - first) }, (_, i) =>
      Buffer.from(text(first + i, from + STEP * (first + i))),
    );
    const block = Buffer.concat(values);
    let begin = 0;
    for (const { length } of values) {
      const offset = messages.length;
      const packed = Object.assign(new PackedBytes(), { bytes: block, begin, end: begin + length });
      messages.push({ offset, timestamp: from + STEP * offset, value: packed.toBuffer(), packed });
      begin += length;
    }
  }
  return messages;
}

function parseAll(messages: readonly Message[]): number {
  let objects = 0;
  for (const { value } of messages) if (typeof JSON.parse(value.toString('utf8')) === 'object') objects += 1;
  return objects;
}

async function profiler(
  multivariate: boolean,
  from: number,
): Promise<(messages: readonly Message[]) => number> {
  const policies = modelPolicies(configSchema.parse({ models: { [MODEL]: { multivariate } } }));
  const options = {
    maxBytes: 1_048_576,
    maxAge: Number.MAX_SAFE_INTEGER,
    maxFuture: Number.MAX_SAFE_INTEGER,
    mapping: undefined,
    knowsModel: () => true,
    positiveClass: () => undefined,
  };
  const text = eventTexts(2, FEATURES);
  const read = createDecoder(options);
  const rows = async function* () {
    for (let i = 0; i < REFERENCE_ROWS; i += 1) {
      const at = from - 86_400_000 + i * 1_000;
      const outcome = read(Buffer.from(text(i, at)), at);
      if (outcome.kind !== 'ok' || outcome.value.kind !== 'prediction') throw new Error('not a prediction');
      yield { place: 'made up', outcome: { kind: 'ok', value: outcome.value } as const };
    }
  };
  const { baseline } = await createBaseline(rows, {
    model: MODEL,
    version: undefined,
    policy: policies(MODEL),
  });
  const directory = new BaselineDirectory({
    listActivations: async () => [
      { model: MODEL, version: '', appliesFrom: 0, baselineId: baseline.id, reason: 'bench' },
    ],
    loadBaselines: async () => new Map([[baseline.id, () => baseline]]),
  });
  await directory.refresh();
  const decode = createDecoder(options);
  return (messages) => countAll(messages, { decode, directory, policies });
}
