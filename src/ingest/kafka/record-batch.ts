import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { type RecordBatch, type RecordList, recordTime } from '../record.ts';
import { PackedList } from './packed-list.ts';
import type { PackedBatch } from './record-batches.ts';

type Batch = EachBatchPayload['batch'];

/** What kafkajs's own batches have and its types do not tell. */
interface BatchInside {
  /** The offset that the broker was asked for. It gives whole batches, so that records before it may come, too. */
  readonly fetchedOffset: string;
}

/** A batch as kafkajs hands it over: with its messages, or with batches of the log in their place. */
export function recordBatch(batch: Batch): RecordBatch {
  const lastOffset = Number(batch.lastOffset());
  const fetched = Number((batch as unknown as BatchInside).fetchedOffset);
  return {
    topic: batch.topic,
    partition: batch.partition,
    firstOffset: fetched,
    lastOffset,
    lag: Math.max(0, Number(batch.highWatermark) - 1 - lastOffset),
    records: recordsOf(batch.messages, fetched),
  };
}

function recordsOf(messages: ReadonlyArray<KafkaMessage | PackedBatch>, from: number): RecordList {
  // A fetch gives either the one or the other.
  const packed = messages.filter(isPacked);
  if (packed.length > 0) {
    return new PackedList(
      packed.map(({ records }) => records),
      from,
    );
  }
  return (messages as readonly KafkaMessage[]).map(({ offset, timestamp, value, key, headers = {} }) => ({
    offset: Number(offset),
    timestamp: recordTime(Number(timestamp)),
    value,
    key,
    headers,
  }));
}

function isPacked(message: KafkaMessage | PackedBatch): message is PackedBatch {
  return 'records' in message;
}
