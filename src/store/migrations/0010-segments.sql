-- The segments of single features that a prediction belongs to, such as country=DE; those of pairs follow from them.
ALTER TABLE {database}.predictions ADD COLUMN IF NOT EXISTS segments Array(LowCardinality(String)) AFTER score;
