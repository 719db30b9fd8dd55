import { changeMethod, insideKafkajs, type KafkajsClass } from './inside-kafkajs.ts';

interface FetchRequest {
  readonly topics: ReadonlyArray<{
    readonly topic: string;
    readonly partitions: ReadonlyArray<{ readonly partition: number; readonly fetchOffset: string }>;
  }>;
}

interface FetchResponse {
  readonly responses: ReadonlyArray<{
    readonly topicName: string;
    readonly partitions: ReadonlyArray<{
      readonly partition: number;
      /** How far a consumer may read that is to see no open transaction. */
      readonly lastStableOffset?: string;
      readonly messages: ReadonlyArray<{ readonly offset: string }>;
    }>;
  }>;
}

type Fetch = (this: object, request: FetchRequest) => Promise<FetchResponse>;

/** What lies for longer is thrown away: how far the log reaches, which comes with it, is another matter by then. */
const MOST_AGE = 10_000;

interface Ahead {
  readonly asks: string;
  /** By the clock that only goes forward. */
  readonly at: number;
  readonly response: Promise<FetchResponse>;
}

/**
 * Makes kafkajs ask for what comes next while what has come is still being counted: it does so itself only when it is done, and
 * has the broker and the network wait for it as long. Only where the log is known to hold more, so that no request waits at
 * the broker. What was asked for in vain, since reading goes on elsewhere, is thrown away. For the whole process.
 *
 * @param broker the class to change, for tests.
 */
export function fetchAhead(broker = insideKafkajs<KafkajsClass>('broker/index.js')): void {
  changeMethod(broker?.prototype, 'fetch', ahead);
}

function ahead(fetch: Fetch): Fetch {
  const waiting = new WeakMap<object, Ahead>();
  return async function (request) {
    const before = waiting.get(this);
    waiting.delete(this);
    const isFresh = before !== undefined && performance.now() - before.at < MOST_AGE;
    const response = await (isFresh && before.asks === asked(request)
      ? before.response
      : fetch.call(this, request));
    const next = following(request, response);
    if (next !== undefined) {
      const promise = fetch.call(this, next);
      // It fails whoever asks for the same.
      promise.catch(() => undefined);
      waiting.set(this, { asks: asked(next), at: performance.now(), response: promise });
    }
    return response;
  };
}

/** What kafkajs will ask for when it is done with a response; undefined where the log holds nothing more so far. */
function following(request: FetchRequest, { responses }: FetchResponse): FetchRequest | undefined {
  const reached = new Map<string, number>();
  let holdsMore = false;
  for (const { topicName, partitions } of responses) {
    for (const { partition, messages, lastStableOffset = '-1' } of partitions) {
      const last = messages.at(-1);
      if (last === undefined) continue;
      const next = Number(last.offset) + 1;
      reached.set(`${topicName}/${partition}`, next);
      if (next < Number(lastStableOffset)) holdsMore = true;
    }
  }
  if (!holdsMore) return undefined;
  return {
    ...request,
    topics: request.topics.map(({ topic, partitions }) => ({
      topic,
      partitions: partitions.map((asks) => ({
        ...asks,
        fetchOffset: String(reached.get(`${topic}/${asks.partition}`) ?? asks.fetchOffset),
      })),
    })),
  };
}

function asked({ topics }: FetchRequest): string {
  return JSON.stringify(topics);
}
