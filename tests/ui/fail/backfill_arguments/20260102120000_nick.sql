-- migrate:change nick
-- migrate:phase migrate
-- migrate:backfill tabel=users key=id batch=0 pause=50 errors=2 wait=1s
-- migrate:up
UPDATE users SET nick = name;
-- migrate:verify equals 60000 rows
SELECT count(*) FROM users;
