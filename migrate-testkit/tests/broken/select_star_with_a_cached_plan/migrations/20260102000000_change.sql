-- migrate:up
ALTER TABLE users ADD COLUMN age int;

-- migrate:down
ALTER TABLE users DROP COLUMN age;
