-- migrate:change change_good
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE users SET name = upper(name) WHERE name IS NOT NULL;
-- migrate:verify zero
SELECT 0;
