-- migrate:up
\connect app
CREATE TABLE users (id bigint);
-- migrate:down
DROP TABLE users;
