-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=idd
-- migrate:up
UPDATE users SET nick = name;
