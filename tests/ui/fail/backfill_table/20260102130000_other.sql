-- migrate:change other
-- migrate:phase migrate
-- migrate:backfill table=people key=id
-- migrate:up
UPDATE users SET nick = name;
-- migrate:verify zero
SELECT 0;
