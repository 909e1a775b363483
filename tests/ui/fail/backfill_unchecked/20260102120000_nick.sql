-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET nick = other.name FROM users AS other WHERE other.id = users.id;
