-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text);
CREATE TYPE mood AS ENUM ('sad', 'ok');

-- migrate:down
DROP TABLE users;
DROP TYPE mood;
