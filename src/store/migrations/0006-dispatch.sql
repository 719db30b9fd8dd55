-- What each integration was told about each group of alerts, one row for each step. A row commits its step: `state` is what
-- is known afterwards, `notification` the message that was decided, as JSON, or empty. The outbox is filled from it.
CREATE TABLE IF NOT EXISTS {database}.notification_log
(
    receiver        LowCardinality(String),
    group_key       String,
    seq             UInt64,
    reason          LowCardinality(String),
    state           String CODEC(ZSTD),
    notification_id String,
    notification    String CODEC(ZSTD),
    dispatched_at   DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    written_at      DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(dispatched_at)
ORDER BY (receiver, group_key, seq)
TTL written_at + INTERVAL 400 DAY;

-- Ended early by a newer row of the same id with another end.
CREATE TABLE IF NOT EXISTS {database}.silences
(
    id         String,
    matchers   String,
    starts_at  DateTime64(3, 'UTC'),
    ends_at    DateTime64(3, 'UTC'),
    created_by String,
    comment    String,
    updated_at DateTime64(3, 'UTC'),
    written_at DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY id
TTL toDateTime(ends_at) + INTERVAL 90 DAY;

-- Withdrawn by a newer row of the same id.
CREATE TABLE IF NOT EXISTS {database}.acknowledgements
(
    id          String,
    matchers    String,
    fingerprint String,
    created_by  String,
    comment     String,
    created_at  DateTime64(3, 'UTC'),
    withdrawn   Bool,
    updated_at  DateTime64(3, 'UTC'),
    written_at  DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY id
TTL written_at + INTERVAL 400 DAY;
