-- migrate:change handle
-- migrate:phase migrate
-- migrate:up
UPDATE users SET handle = name WHERE handle IS NULL;

-- migrate:verify unchanged
SELECT count(*) FROM users;
