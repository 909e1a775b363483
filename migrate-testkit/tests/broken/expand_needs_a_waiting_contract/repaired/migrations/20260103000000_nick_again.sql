-- migrate:up
ALTER TABLE users ADD COLUMN handle TEXT;

-- migrate:down
ALTER TABLE users DROP COLUMN handle;
