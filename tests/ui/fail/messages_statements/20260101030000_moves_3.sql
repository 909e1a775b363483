-- migrate:change c3
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE t SET a = b LIMIT 5;
