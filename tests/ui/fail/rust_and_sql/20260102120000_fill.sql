-- migrate:change nick
-- migrate:phase migrate
-- migrate:rust nick_of
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET nick = name;
