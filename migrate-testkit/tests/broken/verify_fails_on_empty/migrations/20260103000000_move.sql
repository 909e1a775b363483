-- migrate:change handle
-- migrate:phase migrate
-- migrate:up
UPDATE users SET handle = name WHERE handle IS NULL AND name <> '';

-- migrate:verify
SELECT count(*) FROM users WHERE handle IS NULL;
