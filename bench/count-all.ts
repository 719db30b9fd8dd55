import type { Decoder } from '../src/decode/decoder.ts';
import { Chunk, DEFAULT_CHUNK_LIMITS } from '../src/ingest/chunk.ts';
import type { LogRecord } from '../src/ingest/record.ts';
import { type ChunkContext, DEFAULT_CHUNK_BOUNDS, OpenChunk } from '../src/pipeline/open-chunk.ts';

/** Counts records as the worker of a partition does, one chunk after the other, but nothing is written. @returns how many. */
export function countAll(
  records: readonly LogRecord[],
  {
    decode,
    directory,
    policies,
  }: Pick<ChunkContext, 'directory' | 'policies'> & { readonly decode: Decoder },
): number {
  const context: ChunkContext = {
    topic: 'predictions',
    partition: 0,
    directory,
    policies,
    bounds: DEFAULT_CHUNK_BOUNDS,
    wantsSample: () => false,
    onOverflow: () => undefined,
  };
  let open = new OpenChunk(new Chunk(0, DEFAULT_CHUNK_LIMITS), context);
  for (const record of records) {
    const time = record.timestamp ?? 0;
    if (open.chunk.endsBefore(time))
      open = new OpenChunk(new Chunk(record.offset, DEFAULT_CHUNK_LIMITS), context);
    open.chunk.take(record.offset, time);
    open.take(record, decode(record.packed ?? record.value, record.timestamp));
  }
  return records.length;
}
