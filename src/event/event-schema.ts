/** ISO-8601 with a zone, in the years 2000 to 2199: anything else is rejected as the word of a broken clock. */
const TIMESTAMP =
  '^2[01]\\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d([.,]\\d{1,9})?)?(Z|[+-]([01]\\d|2[0-3]):?[0-5]\\d)$';

/** The first instant of the year 2000, and that of the year 2200, in milliseconds since 1970. */
const FIRST_INSTANT = 946_684_800_000;
const END_INSTANT = 7_258_118_400_000;
/** No U+0000, which keeps a model and a version apart. */
const NAME = '^[^\\u0000]*$';

const answer = (description: string): object => ({
  description,
  type: ['string', 'number', 'boolean', 'null'],
  maxLength: 256,
});

const model = {
  description: 'Name of the model.',
  type: 'string',
  minLength: 1,
  maxLength: 256,
  pattern: NAME,
};

const timestamp = {
  description: 'Event time: ISO-8601 with a zone, or milliseconds since 1970 (UTC).',
  anyOf: [
    { type: 'string', pattern: TIMESTAMP },
    { type: 'number', minimum: FIRST_INSTANT, exclusiveMaximum: END_INSTANT },
  ],
};

const prediction = {
  title: 'Prediction',
  description: 'One prediction, as the serving code logs it.',
  type: 'object',
  required: ['model', 'timestamp', 'features'],
  properties: {
    model,
    timestamp,
    features: {
      description:
        'The inputs of the model, by name. Numbers for numeric features; strings and booleans for categorical ones, and ' +
        'numbers where the configuration says so; strings for texts; arrays of numbers, always of the same length, for ' +
        'embeddings. null and absent both count as missing, any other type as invalid.',
      type: 'object',
      additionalProperties: {
        anyOf: [
          { type: ['number', 'string', 'boolean', 'null'] },
          { type: 'array', items: { type: 'number' } },
        ],
      },
    },
    prediction_id: {
      description: 'Names the prediction, so that a label can find it. Unique within the model.',
      type: ['string', 'number', 'null'],
      minLength: 1,
      maxLength: 512,
    },
    version: {
      description: 'Version of the model. Default: unversioned.',
      type: ['string', 'number', 'null'],
      maxLength: 256,
      pattern: NAME,
    },
    prediction: answer('What the model answered: a class, or a number for a regression.'),
    score: {
      description: "The model's score for the positive class, or its confidence.",
      type: ['number', 'null'],
    },
    probabilities: {
      description:
        'Probability by class. Where there is no score, that of the configured positive class becomes it.',
      type: ['object', 'null'],
      additionalProperties: { type: ['number', 'null'] },
    },
    label: answer('Ground truth, where it is known at prediction time.'),
  },
};

const label = {
  title: 'Label',
  description: 'Ground truth for one prediction, at any later time. The newest label of a prediction counts.',
  type: 'object',
  required: ['model', 'timestamp', 'prediction_id', 'label'],
  properties: {
    model,
    timestamp,
    prediction_id: {
      description: 'The prediction_id of the prediction.',
      type: ['string', 'number'],
      minLength: 1,
      maxLength: 512,
    },
    label: {
      description: 'What turned out to be true: a class, or a number for a regression.',
      type: ['string', 'number', 'boolean'],
      maxLength: 256,
    },
    // An object here would make it a prediction.
    features: { type: 'null', description: 'A label has none.' },
  },
};

/**
 * The JSON Schema of what producers send: a prediction or a label. Whatever fits it is taken by driftd, unless it is too
 * old, too far in the future, of an unknown model or of a day that no calendar has. driftd itself is laxer in one way: a
 * score or a feature of the wrong type does not reject the event. Keys that are not named are ignored.
 */
export function eventJsonSchema(): Record<string, unknown> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'driftd event',
    description: 'A prediction or a label, as driftd reads them from Kafka and from files.',
    anyOf: [{ $ref: '#/$defs/prediction' }, { $ref: '#/$defs/label' }],
    $defs: { prediction, label },
  };
}
