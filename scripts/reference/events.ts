import { eventJsonSchema } from '../../src/event/event-schema.ts';
import { REJECT_REASONS, type RejectReason } from '../../src/event/events.ts';
import { DEAD_LETTER_HEADERS } from '../../src/ingest/kafka/dead-letter.ts';
import { code, notice, page, table } from './markdown.ts';
import { type SchemaNode, schemaRows } from './schema-rows.ts';

const HEAD = `# Events

JSON, one object a record: on Kafka topics, and one a line in NDJSON files. Two kinds share the format. A **prediction** has
\`features\`; a **label** has none, and says later what was true. Both may come on any of the topics that driftd reads.
[schemas/event.schema.json](../../schemas/event.schema.json) is this page as a JSON Schema.

\`\`\`json
{"prediction_id":"8f2c","model":"fraud","version":"7","timestamp":"2026-11-22T08:00:00.123Z","features":{"amount":129.9,"country":"DE","is_new":true,"age":null},"prediction":"fraud","score":0.93}
{"prediction_id":"8f2c","model":"fraud","label":"ok","timestamp":"2026-11-25T10:00:00Z"}
\`\`\`

A field that is null counts as absent, and keys that are not named here are ignored. A producer that logs another format needs no change: \`ingest.mapping\` says where
the fields stand in its messages.`;

const KINDS = `## What a feature is

A feature is numeric or categorical, as its baseline found it: numeric when most of its values are numbers. \`numeric\` and
\`categorical\` under \`models.<name>\` in the configuration overrule that. A number in a categorical feature, and a text in a
numeric one, count as *invalid*; null and absent count as *missing*. None of these rejects the event.

Two further kinds are not counted as they are, but by numbers that are derived from them. Those are numeric features like
any other, with metrics, alerts and rows of their own:

| kind      | when | becomes |
| --------- | --- | --- |
| embedding | Most values are arrays of numbers of one length, 2 to 4,096; or it is named under \`embedding\`. | \`<name>.norm\`; \`<name>.cosine\`, the similarity to the mean of the baseline; \`<name>.pc1\` to \`<name>.pc3\`, its place on the first principal components of the baseline. |
| text      | At least 50 strings, more than half of them distinct, of 3 words or more on average; or it is named under \`text\`. | \`<name>.length\` in characters; \`<name>.words\`; \`<name>.symbol_share\`, the share of characters that are no letter, digit or white space; \`<name>.unseen_word_share\`, the share of words that the baseline does not have. |

An array of another length is invalid. A vector of zeros has no cosine, an empty text has no shares: they are missing. Of a
text, the first 16,384 characters are looked at. The words of a text, up to 20,000, become a part of the baseline.

All numeric features together make one more, \`__multivariate__\`: how far an event lies from what the directions in which
the baseline varies most (principal components with 65 % of the variance) tell of it. It moves when features stop going
together as they did, even where each of them looks as before. \`multivariate: false\` under \`models.<name>\` leaves it out.

What is derived is fitted on one half of the reference, drawn at random, and counted on the other: a fit looks better on
its own rows than on any new ones. So these features have about half the rows of the baseline.`;

const REJECTS = `## Why a record is rejected

Nothing in a record stops the stream. A record that is no event is counted (\`driftd_rejects_total\`, by reason) and written
to the table \`rejects\` with its topic, partition, offset, the reason, what exactly was wrong, and the first kilobyte of it. Of
each reason, a chunk of the log keeps the first 1,000 in that table; further ones are counted, in
\`driftd_overflow_total{bound="rejects"}\` as well, so that a producer gone wrong does not fill the store.`;

const DEAD_LETTERS = `## Dead letters

With \`kafka.dead_letter\` in the configuration, every rejected record is also sent to a topic of its own: key, value, headers and
timestamp as they were, so that it can be sent again once the fault is mended, and headers that say what was wrong with it. The
topic has to exist; driftd creates none, and stops with a message when it is not there or may not be written to.`;

const DEAD_LETTER_RULES = `A key or a value of more than \`max_bytes\` is cut, and headers of the record's own of more than 16 KiB are left out. What the
topic refuses for its size, headers or timestamp is sent with the first kilobyte of its value and without those. Both count in
\`driftd_overflow_total{bound="dead_letter_bytes"}\`; the size says whether the value is whole.

Delivery is at least once: a letter is with the brokers (\`acks=all\`) before the progress that covers its record is stored, and
so before its offset is committed. What was read behind the last stored progress is read again after a crash or a rebalance,
and its rejects come again. Topic, partition and offset name a letter, so a consumer that minds keeps those it has seen.
Dead letters of one batch are held at a time; while the brokers do not take them, reading waits.`;

const HEADERS: Readonly<Record<keyof typeof DEAD_LETTER_HEADERS, string>> = {
  topic: 'The topic of the record.',
  partition: 'Its partition.',
  offset: 'Its offset.',
  reason: 'A reason of the table above.',
  detail: 'What exactly was wrong.',
  timestamp: "The record's timestamp in milliseconds since 1970; -1 for none.",
  size: 'Bytes of its value, before it was cut.',
};

const REASONS: Readonly<Record<RejectReason, string>> = {
  empty: 'The record has no value.',
  too_large: 'It is longer than `ingest.max_message_bytes`.',
  not_json: 'It does not parse as JSON.',
  wrong_shape:
    'It is no object, a field has the wrong type or is too long, or it is neither prediction nor label.',
  no_model: '`model` is missing, empty or no text.',
  unknown_model: 'The model is not in the configuration, and `ingest.unknown_models` is `reject`.',
  bad_timestamp: '`timestamp` is missing, has no zone, or is no time.',
  too_old: 'It is before the year 2000, or further behind its record than `ingest.max_age`.',
  in_the_future: 'It is further ahead of its record than `ingest.max_future`, or after the year 2199.',
};

/** docs/reference/events.md: the format of events, and what is rejected. */
export function eventsPage(): string {
  const { $defs = {} } = eventJsonSchema() as {
    $defs?: Record<string, SchemaNode & { readonly title: string }>;
  };
  return page(
    notice('src/event/'),
    HEAD,
    ...Object.values($defs).flatMap((kind) => [`## ${kind.title}`, kind.description ?? '', fieldTable(kind)]),
    KINDS,
    REJECTS,
    table(
      ['reason', 'when'],
      REJECT_REASONS.map((reason) => [code(reason), REASONS[reason]]),
    ),
    DEAD_LETTERS,
    table(
      ['header', 'meaning'],
      Object.entries(DEAD_LETTER_HEADERS).map(([name, header]) => [
        code(header),
        HEADERS[name as keyof typeof HEADERS],
      ]),
    ),
    DEAD_LETTER_RULES,
  );
}

function fieldTable(kind: SchemaNode): string {
  const rows = schemaRows(kind, '').filter(([, type]) => type !== '');
  return table(
    ['field', 'type', 'needed', 'meaning'],
    rows.map(([field = '', type = '', needed = '', meaning = '']) => [field, type, needed && 'yes', meaning]),
  );
}
