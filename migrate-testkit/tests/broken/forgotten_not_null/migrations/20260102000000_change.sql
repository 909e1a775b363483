-- migrate:up
ALTER TABLE users ALTER COLUMN name DROP NOT NULL;

-- migrate:down
UPDATE users SET name = name;
