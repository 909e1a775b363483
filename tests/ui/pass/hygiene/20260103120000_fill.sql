-- migrate:change    rename_username
-- migrate:phase     migrate
-- migrate:backfill  table=users key=tenant,id batch=1000 pause=100ms max-lag=5s
-- migrate:cutover   ramp=1,10,50,100 hold=10m p99=1.10 errors=0.1% mismatch=0
-- migrate:up
UPDATE users SET display_name = username;
-- migrate:verify    zero
SELECT count(*) FROM users WHERE display_name IS DISTINCT FROM username;
-- migrate:verify    unchanged
SELECT count(*) FROM users;
-- migrate:verify    equals 'yes'
SELECT 'yes';
