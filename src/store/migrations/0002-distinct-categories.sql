-- categorical: a HyperLogLog sketch of the categories that went over the bound, so that their number can be told; empty when none did
ALTER TABLE {database}.profile_parts ADD COLUMN IF NOT EXISTS registers Array(UInt8) CODEC(ZSTD) AFTER other;
