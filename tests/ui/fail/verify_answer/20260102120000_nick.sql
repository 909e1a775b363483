-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET nick = name;
-- migrate:verify zero
SELECT name FROM users WHERE nick IS NULL;
-- migrate:verify zero
SELECT 'many';
-- migrate:verify equals 'all'
SELECT count(*) FROM users;
