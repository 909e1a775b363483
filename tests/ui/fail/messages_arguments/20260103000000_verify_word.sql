-- migrate:change verify_word
-- migrate:phase migrate
-- migrate:backfill table=t key=id
-- migrate:up
UPDATE t SET a = b;
-- migrate:verify same
SELECT 1;
