-- migrate:change failures
-- migrate:phase migrate
-- migrate:backfill table=t key=id failures=some
-- migrate:up
UPDATE t SET a = b;
