-- migrate:change half
-- migrate:phase migrate
-- migrate:backfill table=odd key=id
-- migrate:up
UPDATE odd SET half = a / 2 WHERE half IS NULL;
-- migrate:verify
SELECT count(*) FROM odd WHERE half IS NULL;
