-- migrate:up
ALTER TABLE users ADD COLUMN nick TEXT;

-- migrate:down
ALTER TABLE users DROP COLUMN nick;
