-- migrate:up
CREATE TABLE users (id BIGINT PRIMARY KEY, address TEXT);
-- migrate:down
DROP TABLE users;
