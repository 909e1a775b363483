-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=name
-- migrate:up
UPDATE users SET nick = name;
-- migrate:verify zero
SELECT count(*) FROM users WHERE nick IS NULL;
