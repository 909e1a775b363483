-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET name = name || '!', nick = concat(nick, 'x');
-- migrate:verify zero
SELECT count(*) FROM users WHERE nick IS NULL;
