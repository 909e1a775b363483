-- migrate:up
CREATE TABLE users (
    id       INTEGER PRIMARY KEY,
    username TEXT NOT NULL
);
CREATE UNIQUE INDEX users_username ON users (username);
INSERT INTO users (username) VALUES ('ada'), ('grace'), ('edsger');

-- migrate:down
DROP TABLE users;
