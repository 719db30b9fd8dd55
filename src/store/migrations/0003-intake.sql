-- What a chunk took in, and where it began to read: everything from read_from to chunk_start was asked for and held no record.
-- NULL for chunks that were stored before driftd kept it. `gap` offsets before read_from were lost before they were read.
ALTER TABLE {database}.progress ADD COLUMN IF NOT EXISTS read_from Nullable(UInt64) AFTER chunk_start;
ALTER TABLE {database}.progress ADD COLUMN IF NOT EXISTS gap UInt64 AFTER read_from;
ALTER TABLE {database}.progress ADD COLUMN IF NOT EXISTS predictions UInt64 AFTER max_records;
ALTER TABLE {database}.progress ADD COLUMN IF NOT EXISTS labels UInt64 AFTER predictions;
-- Predictions of models without a baseline: they are in no profile.
ALTER TABLE {database}.progress ADD COLUMN IF NOT EXISTS unprofiled UInt64 AFTER labels;
ALTER TABLE {database}.progress ADD COLUMN IF NOT EXISTS rejected UInt64 AFTER unprofiled;

-- How much was read at which time, and how much of it was rejected: one row a flush. This is about driftd's reading, by its
-- clock; what is read again is counted again.
CREATE TABLE IF NOT EXISTS {database}.intake
(
    at         DateTime64(3, 'UTC'),
    topic      LowCardinality(String),
    partition  UInt32,
    records    UInt64,
    rejected   UInt64,
    -- why, how often, and the newest offset of each
    reasons    Array(LowCardinality(String)),
    counts     Array(UInt64),
    offsets    Array(UInt64),
    written_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (at, topic, partition)
TTL written_at + INTERVAL 7 DAY;
