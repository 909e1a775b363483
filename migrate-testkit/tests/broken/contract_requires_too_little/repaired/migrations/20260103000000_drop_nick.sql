-- migrate:change handle
-- migrate:phase contract
-- migrate:up
ALTER TABLE users DROP COLUMN nick;

-- migrate:down
ALTER TABLE users ADD COLUMN nick VARCHAR(20);
