-- migrate:change c0
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
DELETE FROM t;
