-- migrate:change handle
-- migrate:sync users.nick <-> handle
-- migrate:up
ALTER TABLE users ADD COLUMN handle VARCHAR(20);

-- migrate:down
ALTER TABLE users DROP COLUMN handle;
