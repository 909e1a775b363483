-- migrate:change handle
-- migrate:phase migrate
-- migrate:up
DELETE FROM users WHERE nick IS NULL;

-- migrate:verify unchanged
SELECT count(*) FROM users;
