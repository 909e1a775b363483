-- migrate:up
CREATE TABLE users (
    id bigint PRIMARY KEY,
    name text NOT NULL
    email text
);

-- migrate:down
DROP TABLE users;
