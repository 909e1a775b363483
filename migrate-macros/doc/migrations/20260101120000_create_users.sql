-- migrate:up
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT NOT NULL);
-- migrate:down
DROP TABLE users;
