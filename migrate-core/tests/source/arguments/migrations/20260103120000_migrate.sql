-- migrate:change x
-- migrate:phase migrate
-- migrate:backfill table=users key= batch=0
-- migrate:cutover ramp=1,10,50 p99=0.5
-- migrate:rust hash-passwords
-- migrate:up
UPDATE users SET a = b;
-- migrate:verify seven
SELECT 0;
-- migrate:verify equals
SELECT 0;
