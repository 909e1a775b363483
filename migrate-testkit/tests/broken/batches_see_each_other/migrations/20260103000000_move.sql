-- migrate:change handle
-- migrate:phase migrate
-- migrate:backfill table=users key=id batch=3
-- migrate:up
UPDATE users SET visits = (SELECT count(*) FROM users u WHERE u.handle IS NOT NULL), handle = name WHERE handle IS NULL;

-- migrate:verify
SELECT count(*) FROM users WHERE handle IS NULL;
