-- migrate:up
ALTER TABLE users ALTER COLUMN name SET DEFAULT 'none';

-- migrate:down
ALTER TABLE users ALTER COLUMN name DROP DEFAULT;
