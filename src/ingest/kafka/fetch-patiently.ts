import { changeMethod, insideKafkajs, type KafkajsClass } from './inside-kafkajs.ts';

/** Fetches without a record before the next ones wait longer. */
const EMPTY = 60;
/** How many times as long as asked for they wait then. kafkajs sends its heartbeats between fetches. */
export const LONGER = 8;

interface FetchRequest {
  readonly maxWaitTime?: number;
}

interface FetchResponse {
  readonly responses: ReadonlyArray<{
    readonly partitions: ReadonlyArray<{ readonly messages: readonly unknown[] }>;
  }>;
}

type Fetch = (this: object, request: FetchRequest) => Promise<FetchResponse>;

/**
 * Makes kafkajs's fetches wait longer at a broker that has had nothing for a while. What comes is given at once all the same; only
 * who wants to read from elsewhere, or to stop, waits for the fetch to end. For the whole process.
 *
 * @param broker the class to change, for tests.
 */
export function fetchPatiently(broker = insideKafkajs<KafkajsClass>('broker/index.js')): void {
  changeMethod(broker?.prototype, 'fetch', patient);
}

function patient(fetch: Fetch): Fetch {
  /** How many fetches in a row have brought nothing, by broker. */
  const empty = new WeakMap<object, number>();
  return async function (request) {
    const before = empty.get(this) ?? 0;
    const { maxWaitTime = 0 } = request;
    const response = await fetch.call(
      this,
      before < EMPTY ? request : { ...request, maxWaitTime: LONGER * maxWaitTime },
    );
    const brought = response.responses.some(({ partitions }) =>
      partitions.some(({ messages }) => messages.length > 0),
    );
    empty.set(this, brought ? 0 : before + 1);
    return response;
  };
}
