import type { CodeVector } from '../../ingest/files/column-batch.ts';

/** How often each value of the dictionary occurs in a batch. */
export function codeCounts({ codes, dictionary }: CodeVector, rows: number): Uint32Array {
  const counts = new Uint32Array(dictionary.length);
  for (let row = 0; row < rows; row += 1) {
    const code = codes[row] as number;
    if (code >= 0) counts[code]! += 1;
  }
  return counts;
}
