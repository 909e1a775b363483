-- migrate:up
ALTER TABLE users ALTER COLUMN id TYPE numeric;

-- migrate:down
ALTER TABLE users ALTER COLUMN id TYPE bigint;
