-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET id = id + 1000000, nick = name;
-- migrate:verify zero
SELECT count(*) FROM users WHERE nick IS NULL;
