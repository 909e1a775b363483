-- migrate:change handle
-- migrate:phase migrate
-- migrate:rust handle
-- migrate:backfill table=users key=id
-- migrate:verify
SELECT count(*) FROM users WHERE handle IS NULL;
