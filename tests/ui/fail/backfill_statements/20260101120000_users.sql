-- migrate:change users
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET name = username;
UPDATE posts SET title = name;
