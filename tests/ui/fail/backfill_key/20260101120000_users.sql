-- migrate:up
CREATE TABLE users (id text PRIMARY KEY, name text, nick text);
-- migrate:down
DROP TABLE users;
