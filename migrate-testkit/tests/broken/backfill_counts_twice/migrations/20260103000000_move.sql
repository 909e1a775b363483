-- migrate:change handle
-- migrate:phase migrate
-- migrate:backfill table=users key=id batch=3
-- migrate:up
UPDATE users SET visits = visits + 1, handle = name;

-- migrate:verify
SELECT count(*) FROM users WHERE handle IS NULL;
