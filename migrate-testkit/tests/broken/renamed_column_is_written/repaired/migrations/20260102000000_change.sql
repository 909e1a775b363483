-- migrate:up
ALTER TABLE users ADD COLUMN handle VARCHAR(20);

-- migrate:down
ALTER TABLE users DROP COLUMN handle;
