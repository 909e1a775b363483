-- migrate:up
ALTER TABLE users ALTER COLUMN name SET DEFAULT 'none';

-- migrate:down
UPDATE users SET name = name;
