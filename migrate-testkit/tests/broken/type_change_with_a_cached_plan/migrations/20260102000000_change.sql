-- migrate:up
ALTER TABLE counters ALTER COLUMN count TYPE bigint;

-- migrate:down
ALTER TABLE counters ALTER COLUMN count TYPE int;
