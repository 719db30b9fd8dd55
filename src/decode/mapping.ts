import { z } from 'zod';
import { compileJsonPath, JSON_PATH_FORM, type Reader } from './json-path.ts';

/** The fields of driftd's own event format that a mapping may fill. */
export const MAPPED_FIELDS = [
  'prediction_id',
  'model',
  'version',
  'timestamp',
  'features',
  'prediction',
  'score',
  'probabilities',
  'label',
] as const;

export type MappedField = (typeof MAPPED_FIELDS)[number];

const place = z
  .string()
  .min(1)
  .refine((text) => !text.startsWith('$') || compileJsonPath(text) !== undefined, {
    message: `expected ${JSON_PATH_FORM}, or a constant that does not begin with $`,
  });

export const mappingSchema = z
  .strictObject({
    prediction_id: place.optional().describe('Where the prediction id stands.'),
    model: place.optional().describe('Where the name of the model stands, or the name itself.'),
    version: place.optional().describe('Where the version stands, or the version itself.'),
    timestamp: place.optional().describe('Where the event time stands.'),
    features: place.optional().describe('Where the object with the features stands.'),
    prediction: place.optional().describe('Where the prediction stands.'),
    score: place.optional().describe('Where the score stands.'),
    probabilities: place.optional().describe('Where the object with the probabilities by class stands.'),
    label: place.optional().describe('Where the ground truth stands.'),
  })
  .describe(
    'Where the fields of an event stand in the messages of this topic, for producers that log another format: ' +
      '`$.request.id` is a path, anything else a constant. Fields that are not named are read from the top level.',
  );

export type Mapping = z.infer<typeof mappingSchema>;

/** Turns a foreign payload into driftd's own event format, before it is validated. */
export function compileMapping(mapping: Mapping): Reader {
  const readers = MAPPED_FIELDS.map((field): readonly [string, Reader] => {
    const source = mapping[field];
    if (source === undefined) return [field, compileJsonPath(`$.${field}`) as Reader];
    return [field, compileJsonPath(source) ?? (() => source)];
  });
  return (payload) => {
    if (typeof payload !== 'object' || payload === null) return payload;
    const event: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
    for (const [field, read] of readers) event[field] = read(payload);
    return event;
  };
}
