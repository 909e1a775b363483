-- migrate:up
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, nick VARCHAR(20));

-- migrate:down
DROP TABLE users;
