-- migrate:change batch
-- migrate:phase migrate
-- migrate:backfill table=t key=id batch=0
-- migrate:up
UPDATE t SET a = b;
