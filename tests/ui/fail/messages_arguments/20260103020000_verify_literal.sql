-- migrate:change verify_literal
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE t SET a = b;
-- migrate:verify equals
SELECT 1;
