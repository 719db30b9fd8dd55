-- When the notification came into the outbox; it is given up so long after that.
ALTER TABLE {database}.notifications ADD COLUMN IF NOT EXISTS queued_at DateTime64(3, 'UTC') DEFAULT at AFTER at;

-- 0, and one more whenever somebody asks for another try of a dead one.
ALTER TABLE {database}.notifications ADD COLUMN IF NOT EXISTS round UInt32 DEFAULT 0 AFTER status;

-- A later round beats an earlier one, then a finished row a pending one, then the one with more attempts.
ALTER TABLE {database}.notifications MODIFY COLUMN ordinal UInt64 DEFAULT toUInt64(round) * 1000000000 + if(status = 'pending', 0, 1000000) + attempts;

-- What it says in one line, so that lists need not read whole payloads.
ALTER TABLE {database}.notifications ADD COLUMN IF NOT EXISTS title String DEFAULT '' AFTER receiver;
