-- migrate:irreversible "a test"
-- migrate:transaction off
-- migrate:up
CREATE INDEX CONCURRENTLY users_name ON users (name);
DROP INDEX CONCURRENTLY users_name;
