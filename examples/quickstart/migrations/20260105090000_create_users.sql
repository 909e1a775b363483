-- migrate:up
CREATE TABLE users (
    id   INTEGER PRIMARY KEY,
    name TEXT
);
CREATE INDEX users_name ON users (name);

-- migrate:down
DROP TABLE users;
