-- migrate:up
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(60));
-- migrate:down
DROP TABLE users;
