-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, username text NOT NULL);

-- migrate:down
DROP TABLE users;
