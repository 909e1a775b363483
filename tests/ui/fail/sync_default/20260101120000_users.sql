-- migrate:up
CREATE TABLE users (id bigint PRIMARY KEY, name text DEFAULT 'nobody');
-- migrate:down
DROP TABLE users;
