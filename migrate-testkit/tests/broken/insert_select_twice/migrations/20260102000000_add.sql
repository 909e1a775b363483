-- migrate:change handle
-- migrate:up
ALTER TABLE users ADD COLUMN handle VARCHAR(50);
ALTER TABLE users ADD COLUMN visits INTEGER NOT NULL DEFAULT 0;

-- migrate:down
ALTER TABLE users DROP COLUMN visits;
ALTER TABLE users DROP COLUMN handle;
