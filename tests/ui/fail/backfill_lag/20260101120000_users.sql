-- migrate:up
CREATE TABLE users (id integer PRIMARY KEY, name text, nick text);
-- migrate:down
DROP TABLE users;
