-- migrate:up
CREATE TABLE users (
    id bigint PRIMARY KEY,
    username text NOT NULL,
    age integer,
    created_at timestamptz NOT NULL
);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint NOT NULL, state text);

-- migrate:down
DROP TABLE orders;
DROP TABLE users;
