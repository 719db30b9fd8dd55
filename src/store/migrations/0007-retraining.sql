-- What becomes of a request for a new model: one row for each state that it comes into. What is written twice keeps the time
-- at which it was written first.
CREATE TABLE IF NOT EXISTS {database}.retrain_states
(
    id            String,
    state         LowCardinality(String),
    at            DateTime64(3, 'UTC'),
    reason        String,
    -- who said so: a person, or empty for driftd and the target
    author        String,
    -- what the target calls its run
    run           String,
    -- with succeeded: the new version, and the baseline that it brings or 'learn'
    new_version   String,
    baseline      String,
    -- with compared: what follows from it, as JSON: a baseline to activate and messages; written again by whoever takes over
    outcome       String CODEC(ZSTD),
    ordinal       UInt64 DEFAULT toUInt64(9000000000000000000) - toUInt64(toUnixTimestamp64Milli(at)),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(ordinal)
ORDER BY (id, state)
TTL written_at + INTERVAL 400 DAY;
