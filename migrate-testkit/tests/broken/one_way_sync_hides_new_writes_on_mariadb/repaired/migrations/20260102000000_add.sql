-- migrate:change handle
-- migrate:sync users.name <-> handle
-- migrate:up
ALTER TABLE users ADD COLUMN handle VARCHAR(60);
-- migrate:down
ALTER TABLE users DROP COLUMN handle;
