-- migrate:change rename
-- migrate:phase migrate
-- migrate:up
UPDATE users SET full_name = name WHERE full_name IS NULL;
-- migrate:verify zero
SELECT count(*) FROM users WHERE full_name IS DISTINCT FROM name;
