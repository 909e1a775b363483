-- migrate:up
ALTER TABLE users RENAME COLUMN username TO name;

-- migrate:down
ALTER TABLE users RENAME COLUMN name TO username;
