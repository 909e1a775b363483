-- migrate:up
CREATE TABLE users (id bigint);
CREATE INDEX CONCURRENTLY users_id ON users (id);
-- migrate:down
DROP TABLE users;
