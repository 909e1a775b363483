-- migrate:up
  CREATE UNIQUE INDEX CONCURRENTLY ON a (id);
-- migrate:down
SELECT 1;
