-- migrate:up
ALTER TABLE users ADD COLUMN age int NOT NULL DEFAULT 0;

-- migrate:down
ALTER TABLE users DROP COLUMN age;
