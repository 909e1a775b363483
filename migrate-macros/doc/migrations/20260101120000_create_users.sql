-- migrate:up
CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT);
-- migrate:down
DROP TABLE users;
