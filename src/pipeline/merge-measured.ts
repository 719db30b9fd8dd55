import type { Measured } from './measure-ports.ts';

/** What was measured of several windows, or of several parts of what they hold, in their order. */
export function mergeMeasured(parts: readonly Measured[]): Required<Measured> {
  const predictions = new Map<string, number>();
  for (const part of parts) {
    for (const [model, count] of part.predictions ?? [])
      predictions.set(model, (predictions.get(model) ?? 0) + count);
  }
  return {
    subjects: parts.flatMap(({ subjects }) => subjects),
    rows: parts.flatMap(({ rows }) => rows),
    details: parts.flatMap(({ details = [] }) => details),
    predictions,
  };
}
