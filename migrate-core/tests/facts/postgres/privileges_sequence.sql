-- setup
create sequence s;
-- change
grant usage on sequence s to pg_monitor;
-- undo
revoke usage on sequence s from pg_monitor;
