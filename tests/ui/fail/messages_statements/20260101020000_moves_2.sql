-- migrate:change c2
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE t;
