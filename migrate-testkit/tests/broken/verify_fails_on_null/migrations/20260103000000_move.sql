-- migrate:change handle
-- migrate:phase migrate
-- migrate:up
UPDATE users SET handle = nick WHERE handle IS NULL;

-- migrate:verify
SELECT count(*) FROM users WHERE handle IS NULL;
