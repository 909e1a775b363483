-- migrate:up
SET lock_timeout = '2s';
CREATE INDEX CONCURRENTLY a_id ON a (id);
-- migrate:down
DROP INDEX CONCURRENTLY a_id;
