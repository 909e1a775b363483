-- migrate:change handle
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET handle = name WHERE handle IS NULL;
-- migrate:verify
SELECT count(*) FROM users WHERE handle IS NULL;
