import type { Millis } from '../base/clock.ts';
import { parseTime, TIME_FORM } from '../base/parse-time.ts';
import type { WeakestQuery } from '../pipeline/weakest-segments.ts';

const KNOWN = ['model', 'version', 'from', 'to'];

/** Reads the query of GET /api/v1/segments/weakest. */
export function weakestQuery(query: URLSearchParams): WeakestQuery | { readonly fault: string } {
  const unknown = [...query.keys()].find((key) => !KNOWN.includes(key));
  if (unknown !== undefined)
    return { fault: `unknown parameter "${unknown}"; known are ${KNOWN.join(', ')}` };
  const model = query.get('model');
  if (model === null) return { fault: 'model: say which model' };
  const times: { from?: Millis; to?: Millis } = {};
  for (const key of ['from', 'to'] as const) {
    const text = query.get(key);
    if (text === null) continue;
    const time = parseTime(text);
    if (time === undefined) return { fault: `${key}: expected ${TIME_FORM}` };
    times[key] = time;
  }
  const version = query.get('version');
  return { model, ...(version !== null && { version }), ...times };
}
