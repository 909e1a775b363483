-- migrate:up
CREATE EXTENSION IF NOT EXISTS pg_trgm;
-- migrate:down
DROP EXTENSION pg_trgm;
