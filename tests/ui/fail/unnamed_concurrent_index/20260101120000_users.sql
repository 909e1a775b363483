-- migrate:up
CREATE INDEX CONCURRENTLY ON users (id);
-- migrate:down
DROP INDEX CONCURRENTLY users_id_idx;
