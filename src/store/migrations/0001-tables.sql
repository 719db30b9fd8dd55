-- Retention counts from the day a row was written, not from its event time: a replay of last year's file must keep what it makes.

-- Mergeable profiles: one row per (feature, pane) and chunk. A chunk that is read again writes the same keys with the
-- same or a larger end_offset, and the newest row wins: read with FINAL.
CREATE TABLE IF NOT EXISTS {database}.profile_parts
(
    model         LowCardinality(String),
    version       LowCardinality(String),
    segment       LowCardinality(String),
    pane          DateTime64(3, 'UTC'),
    feature       LowCardinality(String),
    baseline_id   LowCardinality(String),
    topic         LowCardinality(String),
    partition     UInt32,
    chunk_start   UInt64,
    end_offset    UInt64,
    n             UInt64,
    missing       UInt64,
    invalid       UInt64,
    -- numeric: counts per grid cell; categorical: counts per category of the baseline
    cells         Array(UInt32) CODEC(T64, ZSTD),
    -- categorical: categories that the baseline does not have, and what went over the bound
    extra_keys    Array(String),
    extra_counts  Array(UInt32),
    other         UInt64,
    -- numeric: sums of (x - grid centre), so that they stay exact far from zero
    sum           Float64,
    sum_sq        Float64,
    min           Nullable(Float64),
    max           Nullable(Float64),
    -- numeric: how far the values below and above the grid lie outside it, summed
    low_excess    Float64,
    high_excess   Float64,
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(end_offset)
PARTITION BY toYYYYMM(pane)
ORDER BY (model, version, segment, pane, feature, baseline_id, topic, partition, chunk_start)
TTL written_at + INTERVAL 90 DAY;

-- One row per chunk: how far it is flushed, and the highest event time in it. Watermarks and restarts read it.
CREATE TABLE IF NOT EXISTS {database}.progress
(
    topic          LowCardinality(String),
    partition      UInt32,
    chunk_start    UInt64,
    end_offset     UInt64,
    closed         Bool,
    caught_up      Bool,
    records        UInt64,
    max_records    UInt64,
    max_event_time DateTime64(3, 'UTC'),
    late           UInt64,
    active_at      DateTime64(3, 'UTC'),
    flushed_at     DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    -- the newest flush wins: first by offset, then closed over open, then by time
    ordinal        UInt64 DEFAULT end_offset * 2 + closed,
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(ordinal)
ORDER BY (topic, partition, chunk_start)
TTL written_at + INTERVAL 90 DAY;

-- Kept only for models that expect labels. A prediction_id is unique within a model and an hour of event time.
CREATE TABLE IF NOT EXISTS {database}.predictions
(
    model             LowCardinality(String),
    version           LowCardinality(String),
    prediction_id     String,
    timestamp         DateTime64(3, 'UTC'),
    prediction        String,
    prediction_number Nullable(Float64),
    score             Nullable(Float64),
    ordinal           UInt64,
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(ordinal)
PARTITION BY toYYYYMM(timestamp)
ORDER BY (model, toStartOfHour(timestamp), prediction_id)
TTL written_at + INTERVAL 90 DAY;

-- The newest label of a prediction counts; ordinal orders them by timestamp, then by place in the log.
CREATE TABLE IF NOT EXISTS {database}.labels
(
    model         LowCardinality(String),
    prediction_id String,
    timestamp     DateTime64(3, 'UTC'),
    label         String,
    label_number  Nullable(Float64),
    ordinal       UInt64,
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(ordinal)
ORDER BY (model, prediction_id)
TTL written_at + INTERVAL 90 DAY;

CREATE TABLE IF NOT EXISTS {database}.metrics
(
    model        LowCardinality(String),
    version      LowCardinality(String),
    segment      LowCardinality(String),
    feature      LowCardinality(String),
    metric       LowCardinality(String),
    against      LowCardinality(String),
    window_start DateTime64(3, 'UTC'),
    window_end   DateTime64(3, 'UTC'),
    baseline_id  LowCardinality(String),
    value        Nullable(Float64),
    n            UInt64,
    baseline_n   UInt64,
    p_value      Nullable(Float64),
    method       LowCardinality(String),
    status       LowCardinality(String),
    reason       String,
    computed_at  DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(window_end)
ORDER BY (model, version, segment, feature, metric, against, window_end, window_start)
TTL written_at + INTERVAL 400 DAY;

-- Immutable and content-addressed; document is the whole baseline as JSON.
CREATE TABLE IF NOT EXISTS {database}.baselines
(
    id         String,
    model      LowCardinality(String),
    version    LowCardinality(String),
    origin     LowCardinality(String),
    rows       UInt64,
    document   String CODEC(ZSTD(3)),
    created_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(created_at)
ORDER BY id;

-- From applies_from on (event time), events of this model (and version, '' = all versions) are profiled under baseline_id.
CREATE TABLE IF NOT EXISTS {database}.baseline_activations
(
    model        LowCardinality(String),
    version      LowCardinality(String),
    applies_from DateTime64(3, 'UTC'),
    baseline_id  String,
    reason       LowCardinality(String),
    activated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC')
)
ENGINE = ReplacingMergeTree(activated_at)
ORDER BY (model, version, applies_from);

-- The first events of a model that has no baseline yet.
CREATE TABLE IF NOT EXISTS {database}.learning_samples
(
    model     LowCardinality(String),
    version   LowCardinality(String),
    topic     LowCardinality(String),
    partition UInt32,
    offset    UInt64,
    timestamp DateTime64(3, 'UTC'),
    event     String CODEC(ZSTD),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (model, version, topic, partition, offset)
TTL written_at + INTERVAL 90 DAY;

-- One row per evaluation of a rule group, written last: it commits the evaluation. `outcome` holds the state of every
-- alert of the group and everything that was decided, so that a crash in between repeats the same decisions.
CREATE TABLE IF NOT EXISTS {database}.evaluations
(
    rule_group   LowCardinality(String),
    instant      DateTime64(3, 'UTC'),
    outcome      String CODEC(ZSTD),
    evaluated_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(evaluated_at)
ORDER BY (rule_group, instant)
TTL written_at + INTERVAL 90 DAY;

CREATE TABLE IF NOT EXISTS {database}.alert_transitions
(
    id           String,
    fingerprint  String,
    rule_group   LowCardinality(String),
    alertname    LowCardinality(String),
    model        LowCardinality(String),
    version      LowCardinality(String),
    feature      LowCardinality(String),
    severity     LowCardinality(String),
    from_state   LowCardinality(String),
    to_state     LowCardinality(String),
    reason       LowCardinality(String),
    summary      String,
    alert        String,
    window_start DateTime64(3, 'UTC'),
    window_end   DateTime64(3, 'UTC'),
    at           DateTime64(3, 'UTC'),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (model, at, id)
TTL written_at + INTERVAL 400 DAY;

-- The outbox: a row before the first attempt, a newer one after each.
CREATE TABLE IF NOT EXISTS {database}.notifications
(
    id              String,
    kind            LowCardinality(String),
    receiver        LowCardinality(String),
    at              DateTime64(3, 'UTC'),
    status          LowCardinality(String),
    attempts        UInt32,
    next_attempt_at DateTime64(3, 'UTC'),
    last_error      String,
    payload         String CODEC(ZSTD),
    updated_at      DateTime64(3, 'UTC'),
    -- a finished row beats a pending one, then the one with more attempts
    ordinal         UInt64 DEFAULT if(status = 'pending', 0, 1000000) + attempts,
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(ordinal)
ORDER BY id
TTL written_at + INTERVAL 400 DAY;

CREATE TABLE IF NOT EXISTS {database}.retrain_requests
(
    id          String,
    target      LowCardinality(String),
    model       LowCardinality(String),
    version     LowCardinality(String),
    at          DateTime64(3, 'UTC'),
    status      LowCardinality(String),
    reason      String,
    baseline_id LowCardinality(String),
    request     String CODEC(ZSTD),
    updated_at  DateTime64(3, 'UTC'),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(updated_at)
ORDER BY (target, model, at, id)
TTL written_at + INTERVAL 400 DAY;

CREATE TABLE IF NOT EXISTS {database}.rejects
(
    topic       LowCardinality(String),
    partition   UInt32,
    offset      UInt64,
    reason      LowCardinality(String),
    detail      String,
    payload     String,
    size        UInt64,
    timestamp   DateTime64(3, 'UTC'),
    rejected_at DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    written_at    DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(rejected_at)
ORDER BY (topic, partition, offset)
TTL written_at + INTERVAL 30 DAY;
