-- migrate:change x
-- migrate:phase migrate
-- migrate:backfill table=a key=id
-- migrate:up
UPDATE a SET b = c;
UPDATE a SET d = e;
-- migrate:verify
SELECT 0;
