-- migrate:up
ALTER TABLE users RENAME COLUMN nick TO handle;

-- migrate:down
ALTER TABLE users RENAME COLUMN handle TO nick;
