-- migrate:up
-- migrate:allow create-index-not-concurrent "the table is small"
CREATE TABLE users (id bigint PRIMARY KEY);

-- migrate:down
DROP TABLE users;
