-- migrate:change change_other
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
UPDATE people SET name = 'x';
-- migrate:verify zero
SELECT 0;
