-- migrate:change verify_empty
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE t SET a = b;
-- migrate:verify zero
