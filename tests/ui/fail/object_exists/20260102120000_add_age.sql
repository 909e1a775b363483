-- migrate:up
ALTER TABLE users ADD COLUMN age integer;

-- migrate:down
ALTER TABLE users DROP COLUMN age;
