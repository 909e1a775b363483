-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text, age text);
-- migrate:down
DROP TABLE users;
