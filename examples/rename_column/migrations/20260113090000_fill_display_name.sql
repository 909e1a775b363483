-- migrate:change    rename_username
-- migrate:phase     migrate
-- migrate:backfill  table=users key=id
-- migrate:up
UPDATE users SET display_name = username;

-- migrate:verify    zero
SELECT count(*) FROM users WHERE display_name IS NOT username;
