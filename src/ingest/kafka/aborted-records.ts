import { changeMethod, insideKafkajs } from './inside-kafkajs.ts';

/** What a fetch gives of one partition, as far as it matters here. */
interface FetchedPartition {
  /** Transactions that were taken back and have records among these; in the order in which they ended. */
  abortedTransactions: ReadonlyArray<{ readonly producerId: string; readonly firstOffset: string }>;
  readonly messages: ReadonlyArray<{
    readonly offset: string;
    /** kafkajs gives no control records to its user, but goes on behind them. */
    isControlRecord: boolean;
    readonly batchContext?: { readonly producerId: string; readonly inTransaction: boolean };
  }>;
}

type Decode = (data: Buffer) => Promise<{
  readonly responses: ReadonlyArray<{ readonly partitions: readonly FetchedPartition[] }>;
}>;

/** The versions of the fetch request that know of transactions, and that kafkajs speaks. */
const VERSIONS = [4, 5, 6, 7, 8, 9, 10, 11];

/**
 * Keeps records of aborted transactions from being read where those of several producers overlap. kafkajs leaves them out
 * itself, but takes the list for sorted by first offset, and takes up one of it with each record: some then come through, and
 * which, depends on where a fetch began. May be called any number of times.
 *
 * Reference: Kafka's own consumer, CompletedFetch.consumeAbortedTransactionsUpTo.
 */
export function hideAbortedRecords(): void {
  for (const version of VERSIONS) {
    const file = `protocol/requests/fetch/v${version}/response.js`;
    changeMethod(insideKafkajs<object>(file), 'decode', hiding);
  }
}

function hiding(decode: Decode): Decode {
  return async (data) => {
    const fetched = await decode(data);
    for (const { partitions } of fetched.responses) partitions.forEach(markAborted);
    return fetched;
  };
}

/** Marks the records of aborted transactions as what nobody is given. */
function markAborted(partition: FetchedPartition): void {
  const upcoming = [...partition.abortedTransactions].sort(
    (a, b) => Number(a.firstOffset) - Number(b.firstOffset),
  );
  if (upcoming.length === 0) return;
  partition.abortedTransactions = [];
  const aborted = new Set<string>();
  for (const message of partition.messages) {
    const { producerId, inTransaction } = message.batchContext ?? {};
    if (producerId === undefined) continue;
    while (upcoming[0] !== undefined && Number(upcoming[0].firstOffset) <= Number(message.offset)) {
      aborted.add((upcoming.shift() as (typeof upcoming)[number]).producerId);
    }
    // The marker that ends the transaction.
    if (message.isControlRecord) aborted.delete(producerId);
    else if (inTransaction === true && aborted.has(producerId)) message.isControlRecord = true;
  }
}
