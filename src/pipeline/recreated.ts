import { DriftdError } from '../base/errors.ts';

/** What to tell when the store has counted further than the log reaches: under the same name, there is another log. */
export function recreated(
  { topic, partition }: { readonly topic: string; readonly partition: number },
  stored: number,
  end: number,
): DriftdError {
  return new DriftdError(
    'environment',
    `the store has ${topic}/${partition} up to offset ${stored}, but the log ends at ${end}: the topic was made anew. ` +
      'Offsets name what is stored, so go on with another store.database, or give the topic another name',
  );
}
