import { DriftdError } from '../../base/errors.ts';
import { openByteFile } from './byte-file.ts';
import { fileFormat } from './file-format.ts';
import type { FileProgress } from './row.ts';
import { isBlank, splitLines } from './split-lines.ts';

/** One event as a producer wrote it, not yet looked at. */
interface RecordLine {
  /** From 1. */
  readonly line: number;
  /** Where the event begins in the unpacked file, in bytes. */
  readonly offset: number;
  /** Shares memory with its neighbours; copy what is to be kept. */
  readonly value: Buffer;
}

export interface RecordLineFile {
  readonly file: string;
  /** Blank lines are left out. Reads from the start each time that it is iterated; one iteration at a time. */
  readonly lines: AsyncIterable<RecordLine>;
  progress(): FileProgress;
}

/**
 * Opens an NDJSON file whose lines go to the decoder as they are, like the messages of a topic.
 *
 * @param maxBytes the decoder's limit. A longer line comes cut to one byte more, so that the decoder rejects it as too
 * large, and memory stays bounded whatever the file holds.
 */
export async function openRecordLines(file: string, maxBytes: number): Promise<RecordLineFile> {
  const format = fileFormat(file);
  if (format.kind !== 'ndjson') {
    throw new DriftdError(
      'input',
      `${file}: has rows, not events; events are lines of .ndjson, .jsonl or .json files`,
    );
  }
  const bytes = await openByteFile(file, format.gzip);
  return {
    file,
    lines: {
      async *[Symbol.asyncIterator]() {
        for await (const { line, offset, bytes: value } of splitLines(bytes.chunks(), maxBytes + 1)) {
          if (!isBlank(value)) yield { line, offset, value };
        }
      },
    },
    progress: bytes.progress,
  };
}
