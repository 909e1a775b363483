-- migrate:change title
-- migrate:sync users.name <-> title
-- migrate:up
ALTER TABLE users ADD COLUMN title text;
-- migrate:down
ALTER TABLE users DROP COLUMN title;
