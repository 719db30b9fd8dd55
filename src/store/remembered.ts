import type { Store } from './client.ts';

/**
 * Asks the store only when the answer may be another one than last time: when one of the tables was written to, or something else
 * is asked for. Where other processes write as well, which is everywhere but in an embedded store, it asks each time.
 *
 * @param ask reads these tables and no others, and takes the time from its argument if at all.
 */
export function remembered<Answer, Asked = void>(
  store: Store,
  tables: readonly string[],
  ask: (asked: Asked) => Promise<Answer>,
): (asked: Asked) => Promise<Answer> {
  let last: { readonly asked: Asked; readonly writes: number; readonly answer: Answer } | undefined;
  return async (asked) => {
    // Counted before it is asked: what is written meanwhile may be in the answer or not.
    const writes = store.writes?.(tables);
    if (writes !== undefined && last?.writes === writes && last.asked === asked) return last.answer;
    const answer = await ask(asked);
    last = writes === undefined ? undefined : { asked, writes, answer };
    return answer;
  };
}
