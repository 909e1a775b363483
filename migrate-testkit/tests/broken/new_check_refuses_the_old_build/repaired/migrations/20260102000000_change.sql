-- migrate:up
ALTER TABLE users ADD COLUMN age INT;

-- migrate:down
ALTER TABLE users DROP COLUMN age;
