-- migrate:change users
-- migrate:phase contract
-- migrate:up
DROP TABLE users;

-- migrate:down
CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, nick VARCHAR(20));
