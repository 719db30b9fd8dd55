-- Where in the log a row comes from, so that what has come since a look can be told. Rows from before have no topic, and
-- count as seen.
ALTER TABLE {database}.labels ADD COLUMN IF NOT EXISTS topic LowCardinality(String) DEFAULT '' AFTER label_number;
ALTER TABLE {database}.labels ADD COLUMN IF NOT EXISTS partition UInt32 DEFAULT 0 AFTER topic;
ALTER TABLE {database}.labels ADD COLUMN IF NOT EXISTS offset UInt64 DEFAULT 0 CODEC(T64, ZSTD) AFTER partition;
ALTER TABLE {database}.predictions ADD COLUMN IF NOT EXISTS topic LowCardinality(String) DEFAULT '' AFTER score;
ALTER TABLE {database}.predictions ADD COLUMN IF NOT EXISTS partition UInt32 DEFAULT 0 AFTER topic;
ALTER TABLE {database}.predictions ADD COLUMN IF NOT EXISTS offset UInt64 DEFAULT 0 CODEC(T64, ZSTD) AFTER partition;

-- The 95 % confidence interval of the value, of metrics that have one.
ALTER TABLE {database}.metrics ADD COLUMN IF NOT EXISTS lower Nullable(Float64) AFTER value;
ALTER TABLE {database}.metrics ADD COLUMN IF NOT EXISTS upper Nullable(Float64) AFTER lower;

-- What lies behind the performance of a window: the confusion matrix, what it says of each class, and the calibration curve.
-- Computed anew, and replaced, when labels have come.
CREATE TABLE IF NOT EXISTS {database}.performance_details
(
    model                  LowCardinality(String),
    version                LowCardinality(String),
    window_start           DateTime64(3, 'UTC'),
    window_end             DateTime64(3, 'UTC'),
    predictions            UInt64,
    labelled               UInt64,
    confusion_prediction   Array(String),
    confusion_label        Array(String),
    confusion_count        Array(UInt64),
    -- events of pairs past the first thousand
    confusion_rest         UInt64,
    class                  Array(String),
    class_precision        Array(Nullable(Float64)),
    class_recall           Array(Nullable(Float64)),
    class_f1               Array(Nullable(Float64)),
    class_support          Array(UInt64),
    -- ten right-closed bins of equal width; those without scores are left out
    calibration_bin        Array(UInt8),
    calibration_count      Array(UInt64),
    calibration_mean_score Array(Float64),
    calibration_share      Array(Float64),
    computed_at            DateTime64(3, 'UTC') DEFAULT now64(3, 'UTC'),
    written_at             DateTime DEFAULT now()
)
ENGINE = ReplacingMergeTree(computed_at)
PARTITION BY toYYYYMM(window_end)
ORDER BY (model, version, window_end, window_start)
TTL written_at + INTERVAL 400 DAY;
