-- migrate:change c1
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE other SET a = b;
