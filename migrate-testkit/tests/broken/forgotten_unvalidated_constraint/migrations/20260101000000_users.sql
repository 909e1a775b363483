-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, nick text, CONSTRAINT short CHECK (length(name) < 1000));

-- migrate:down
DROP TABLE users;
