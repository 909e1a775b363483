-- migrate:irreversible "a test"
-- migrate:transaction off
-- migrate:up
CREATE INDEX CONCURRENTLY users_name ON users (name);
ALTER TABLE users ALTER id TYPE bigint;
