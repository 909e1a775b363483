-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, email text, state text);

-- migrate:down
DROP TABLE users;
