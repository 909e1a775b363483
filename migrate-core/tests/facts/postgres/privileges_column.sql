-- setup
create table t (id integer primary key, a integer, b text);
-- change
grant update (a) on t to pg_monitor;
-- undo
revoke update (a) on t from pg_monitor;
