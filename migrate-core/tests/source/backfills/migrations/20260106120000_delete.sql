-- migrate:change change_delete
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
DELETE FROM users;
-- migrate:verify zero
SELECT 0;
