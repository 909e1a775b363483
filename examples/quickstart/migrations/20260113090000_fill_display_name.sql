-- migrate:change    display_name
-- migrate:phase     migrate
-- migrate:up
UPDATE users SET display_name = upper(substr(username, 1, 1)) || substr(username, 2) WHERE display_name IS NULL;

-- migrate:verify    zero
SELECT count(*) FROM users WHERE display_name IS NULL;

-- migrate:verify    unchanged
SELECT count(*) FROM users;
