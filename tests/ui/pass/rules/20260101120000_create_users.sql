-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, username text NOT NULL, age integer);
CREATE TABLE shops (id bigint PRIMARY KEY);

-- migrate:down
DROP TABLE shops;
DROP TABLE users;
