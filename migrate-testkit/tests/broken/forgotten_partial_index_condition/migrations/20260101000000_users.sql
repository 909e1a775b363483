-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
CREATE INDEX users_nick ON users (nick) WHERE nick IS NOT NULL;

-- migrate:down
DROP TABLE users;
