-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET nick = name;
-- migrate:verify zero
SELECT count(*) FROM users WHERE nick IS NOT name;
