-- migrate:change names
-- migrate:phase migrate
-- migrate:backfill table=users key=id max-lag=5s
-- migrate:up
UPDATE users SET name = upper(name);
-- migrate:verify
SELECT 0;
