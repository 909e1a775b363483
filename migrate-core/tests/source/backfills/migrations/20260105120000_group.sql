-- migrate:change change_group
-- migrate:phase migrate
-- migrate:backfill table=users key=id
-- migrate:up
INSERT INTO counts SELECT name, count(*)
FROM users
GROUP BY name;
-- migrate:verify zero
SELECT 0;
