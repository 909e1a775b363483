-- setup
create schema app;
-- change
grant usage on schema app to pg_monitor;
-- undo
revoke usage on schema app from pg_monitor;
