-- migrate:change pause
-- migrate:phase migrate
-- migrate:backfill table=t key=id pause=long
-- migrate:up
UPDATE t SET a = b;
