-- migrate:up
ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;
ALTER TABLE users ALTER COLUMN age DROP DEFAULT;

-- migrate:down
ALTER TABLE users DROP COLUMN age;
