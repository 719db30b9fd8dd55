import type { Millis } from './clock.ts';

/** What the work gives, unless that takes longer than `limit`: then it is waited for no more, and may still end. */
export async function within<T>(limit: Millis, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`still not done after ${Math.round(limit)} ms`)), limit);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
