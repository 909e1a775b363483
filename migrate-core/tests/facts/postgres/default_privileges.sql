-- setup
create schema app;
-- change
alter default privileges in schema app grant select on tables to pg_monitor;
-- undo
alter default privileges in schema app revoke select on tables from pg_monitor;
