-- Moved in batches while builds serve, by whichever instance has a worker.
-- migrate:change    display_name
-- migrate:phase     migrate
-- migrate:backfill  table=users key=id
-- migrate:up
UPDATE users SET display_name = name;

-- migrate:verify    zero
SELECT count(*) FROM users WHERE display_name IS NOT name;
