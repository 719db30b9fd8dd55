/**
 * What became of one record. Bad records are outcomes and never exceptions: one of them must not stop the stream.
 *
 * `drop` is for records that are fine but not ours to count (a tombstone on a compacted topic, say).
 */
export type Outcome<T, R extends string> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'drop' }
  | { readonly kind: 'reject'; readonly reason: R; readonly detail: string };

export function ok<T>(value: T): { readonly kind: 'ok'; readonly value: T } {
  return { kind: 'ok', value };
}

export function reject<R extends string>(
  reason: R,
  detail: string,
): { readonly kind: 'reject'; readonly reason: R; readonly detail: string } {
  return { kind: 'reject', reason, detail };
}
