-- Where the stream of errors of each model stands: a row for each step, of which the newest counts. `state` is what the change
-- detectors know of each version, `panes` and `changes` what the step has found, all as JSON. One row commits its step.
CREATE TABLE IF NOT EXISTS {database}.error_streams
(
    model       LowCardinality(String),
    advanced_to DateTime64(3, 'UTC'),
    state       String CODEC(ZSTD),
    panes       String CODEC(ZSTD),
    changes     String CODEC(ZSTD),
    written_at  DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(advanced_to)
ORDER BY model
TTL written_at + INTERVAL 400 DAY;

-- What detectors were shown of each pane. Written from error_streams.
CREATE TABLE IF NOT EXISTS {database}.error_panes
(
    model        LowCardinality(String),
    version      LowCardinality(String),
    pane         DateTime64(3, 'UTC'),
    observations UInt64,
    -- sum of errors, as the detectors see them
    errors       Float64,
    written_at   DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
PARTITION BY toYYYYMM(pane)
ORDER BY (model, version, pane)
TTL written_at + INTERVAL 90 DAY;

-- What detectors said, and of which prediction. Written from error_streams.
CREATE TABLE IF NOT EXISTS {database}.error_changes
(
    model       LowCardinality(String),
    version     LowCardinality(String),
    detector    LowCardinality(String),
    signal      LowCardinality(String),
    at          DateTime64(3, 'UTC'),
    -- the place of the prediction among all labelled ones of its version, from 0 on
    observation UInt64,
    written_at  DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree
ORDER BY (model, version, at, detector, signal, observation)
TTL written_at + INTERVAL 400 DAY;
