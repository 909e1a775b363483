-- migrate:change verify_more
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE t SET a = b;
-- migrate:verify zero now
SELECT 1;
