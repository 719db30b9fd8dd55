import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { fetchAhead } from '../../../src/ingest/kafka/fetch-ahead.ts';
import { fetchPatiently } from '../../../src/ingest/kafka/fetch-patiently.ts';

interface Request {
  readonly maxWaitTime: number;
  readonly topics: ReadonlyArray<{
    topic: string;
    partitions: ReadonlyArray<{ partition: number; fetchOffset: string; maxBytes: number }>;
  }>;
}

/** A broker with a log of so many entries in each partition of one topic; a fetch gives ten of each. */
function brokerOf(ends: readonly number[]) {
  const asked: Request[] = [];
  const log = { ends: [...ends], fails: undefined as Error | undefined };
  class Broker {
    async fetch(request: Request) {
      asked.push(request);
      await Promise.resolve();
      if (log.fails !== undefined) throw log.fails;
      return {
        responses: request.topics.map(({ topic, partitions }) => ({
          topicName: topic,
          partitions: partitions.map(({ partition, fetchOffset }) => {
            const end = log.ends[partition] ?? 0;
            const from = Number(fetchOffset);
            const count = Math.max(0, Math.min(10, end - from));
            const messages = Array.from({ length: count }, (_, i) => ({ offset: String(from + i) }));
            return { partition, lastStableOffset: String(end), messages };
          }),
        })),
      };
    }
  }
  return { Broker, asked, log };
}

function request(...offsets: number[]): Request {
  const partitions = offsets.map((offset, partition) => ({
    partition,
    fetchOffset: String(offset),
    maxBytes: 1_000,
  }));
  return { maxWaitTime: 500, topics: [{ topic: 't', partitions }] };
}

const offsetsOf = ({ topics }: Request): number[] =>
  topics.flatMap(({ partitions }) => partitions.map(({ fetchOffset }) => Number(fetchOffset)));

describe('fetching ahead', () => {
  function ahead(ends: readonly number[]) {
    const { Broker, asked, log } = brokerOf(ends);
    fetchAhead(Broker as never);
    return { broker: new Broker(), another: new Broker(), asked, log };
  }

  it('asks for what comes next before anybody else does, once', async () => {
    const { broker, asked } = ahead([25, 12]);
    await broker.fetch(request(0, 0));
    expect(asked.map(offsetsOf)).toEqual([
      [0, 0],
      [10, 10],
    ]);
    const second = await broker.fetch(request(10, 10));
    expect(second.responses[0]?.partitions.map(({ messages }) => messages.at(-1)?.offset)).toEqual([
      '19',
      '11',
    ]);
    expect(asked.map(offsetsOf)).toEqual([
      [0, 0],
      [10, 10],
      [20, 12],
    ]);
  });

  it('does not where the log is known to hold nothing more, so that no request waits there', async () => {
    const { broker, asked } = ahead([10, 3]);
    await broker.fetch(request(0, 0));
    await broker.fetch(request(10, 3));
    expect(asked.map(offsetsOf)).toEqual([
      [0, 0],
      [10, 3],
    ]);
  });

  it('throws away what was fetched when reading goes on elsewhere, or with other partitions', async () => {
    const { broker, asked } = ahead([100, 100]);
    await broker.fetch(request(0, 0));
    const sought = await broker.fetch(request(50, 10));
    expect(sought.responses[0]?.partitions[0]?.messages[0]?.offset).toBe('50');
    await broker.fetch(request(60));
    expect(asked.map(offsetsOf)).toEqual([[0, 0], [10, 10], [50, 10], [60, 20], [60], [70]]);
  });

  it('throws away what has lain for long, since the log has grown', async () => {
    const { broker, asked } = ahead([100]);
    await broker.fetch(request(0));
    const now = performance.now();
    vi.spyOn(performance, 'now').mockReturnValue(now + 11_000);
    onTestFinished(() => void vi.restoreAllMocks());
    await broker.fetch(request(10));
    expect(asked.map(offsetsOf)).toEqual([[0], [10], [10], [20]]);
  });

  it('gives the failure of a fetch to whoever asks for the same, and goes on after it', async () => {
    const { broker, asked, log } = ahead([100]);
    await broker.fetch(request(0));
    log.fails = new Error('the connection was closed');
    // Fetched already; what is fetched ahead of the next is not.
    await broker.fetch(request(10));
    await expect(broker.fetch(request(20))).rejects.toThrow('the connection was closed');
    log.fails = undefined;
    await expect(broker.fetch(request(20))).resolves.toBeDefined();
    expect(asked.map(offsetsOf)).toEqual([[0], [10], [20], [20], [30]]);
  });

  it('keeps what brokers have apart', async () => {
    const { broker, another, asked } = ahead([100]);
    await broker.fetch(request(0));
    await another.fetch(request(10));
    expect(asked.map(offsetsOf)).toEqual([[0], [10], [10], [20]]);
  });
});

describe('fetching patiently', () => {
  it('lets fetches wait longer once a broker has had nothing for a while, until it has', async () => {
    const { Broker, asked, log } = brokerOf([0]);
    fetchPatiently(Broker as never);
    const broker = new Broker();
    for (let i = 0; i < 65; i += 1) await broker.fetch(request(0));
    log.ends = [5];
    await broker.fetch(request(0));
    await broker.fetch(request(5));
    const waits = asked.map(({ maxWaitTime }) => maxWaitTime);
    expect(waits).toEqual([...Array<number>(60).fill(500), ...Array<number>(6).fill(4_000), 500]);
  });
});
