-- migrate:change key
-- migrate:phase migrate
-- migrate:backfill table=t key=a,,b
-- migrate:up
UPDATE t SET a = b;
