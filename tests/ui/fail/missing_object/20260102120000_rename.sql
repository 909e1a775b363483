-- migrate:up
ALTER TABLE users RENAME COLUMN user_name TO name;

-- migrate:down
ALTER TABLE users RENAME COLUMN name TO user_name;
