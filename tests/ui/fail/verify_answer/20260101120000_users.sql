-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
-- migrate:down
DROP TABLE users;
