-- migrate:up
ALTER TABLE users DROP COLUMN nick;

-- migrate:down
ALTER TABLE users ADD COLUMN nick TEXT;
