-- migrate:change require_age
-- migrate:phase migrate
-- migrate:backfill table=users key=…
-- migrate:up
UPDATE users SET age = … WHERE age IS NULL;
-- migrate:verify zero
SELECT count(*) FROM users WHERE age IS NULL;
