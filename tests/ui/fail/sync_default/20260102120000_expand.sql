-- migrate:change rename
-- migrate:sync users.name <-> users.full_name
-- migrate:up
ALTER TABLE users ADD COLUMN full_name text;
-- migrate:down
ALTER TABLE users DROP COLUMN full_name;
