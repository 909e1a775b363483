-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY);
CREATE INDEX orders_id ON orders (id);

-- migrate:down
DROP TABLE users;
