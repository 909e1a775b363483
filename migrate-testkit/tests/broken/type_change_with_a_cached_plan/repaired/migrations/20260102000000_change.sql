-- migrate:up
ALTER TABLE counters ADD COLUMN big_count bigint;

-- migrate:down
ALTER TABLE counters DROP COLUMN big_count;
