-- migrate:change users
-- migrate:phase migrate
-- migrate:up
UPDATE users SET name = username;
-- migrate:verify zero
SELECT count(*) FROM users WHERE name IS NULL;
SELECT 0;
