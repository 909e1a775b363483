-- migrate:change near
-- migrate:phase migrate
-- migrate:backfill table=user key=id
-- migrate:up
UPDATE users SET nick = name;
-- migrate:verify zero
SELECT 0;
