-- migrate:change change_limit
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET name = 'x' WHERE id IN (SELECT 1) LIMIT 1000;
-- migrate:verify zero
SELECT 0;
