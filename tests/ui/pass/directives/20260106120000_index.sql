-- migrate:transaction off
-- migrate:up
CREATE INDEX CONCURRENTLY users_name ON users (display_name);
CREATE INDEX CONCURRENTLY users_id ON users (id);
-- migrate:down
DROP INDEX users_name, users_id;
