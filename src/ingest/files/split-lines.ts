const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

/** One line of a text file, without its end. */
export interface Line {
  /** From 1. */
  readonly line: number;
  /** Where the line begins in the unpacked bytes. */
  readonly offset: number;
  /** Shares memory with the chunk that it was read in; copy what is to be kept. */
  readonly bytes: Buffer;
  /** True when the line was longer than allowed, and `bytes` are only its start. */
  readonly cut: boolean;
}

/**
 * Splits chunks of bytes into lines that end in LF or CRLF. Holds at most one chunk and `maxBytes` of an unfinished line.
 * A byte order mark at the start is left out.
 */
export async function* splitLines(
  chunks: AsyncIterable<Buffer>,
  maxBytes: number,
): AsyncGenerator<Line, void, undefined> {
  let line = 1;
  let chunkOffset = 0;
  let lineOffset = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;

  const keep = (piece: Buffer): void => {
    // One byte more than allowed is enough to know that there was more.
    const room = maxBytes + 1 - pendingBytes;
    if (room <= 0 || piece.length === 0) return;
    const kept = piece.length > room ? piece.subarray(0, room) : piece;
    pending.push(kept);
    pendingBytes += kept.length;
  };
  const finish = (last: Buffer): Line => {
    keep(last);
    let bytes = pending.length === 1 ? (pending[0] as Buffer) : Buffer.concat(pending);
    pending = [];
    pendingBytes = 0;
    let offset = lineOffset;
    if (line === 1 && bytes.subarray(0, 3).equals(BOM)) {
      bytes = bytes.subarray(3);
      offset += 3;
    }
    if (bytes.at(-1) === RETURN) bytes = bytes.subarray(0, -1);
    const cut = bytes.length > maxBytes;
    return { line, offset, bytes: cut ? bytes.subarray(0, maxBytes) : bytes, cut };
  };

  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield finish(chunk.subarray(start, end));
      start = end + 1;
      line += 1;
      lineOffset = chunkOffset + start;
    }
    keep(chunk.subarray(start));
    chunkOffset += chunk.length;
  }
  if (pendingBytes > 0) yield finish(Buffer.alloc(0));
}

/** True for lines that hold nothing but spaces, such as the one behind a last line end. */
export function isBlank(bytes: Buffer): boolean {
  for (const byte of bytes) if (byte !== 0x20 && byte !== 0x09 && byte !== RETURN) return false;
  return true;
}
