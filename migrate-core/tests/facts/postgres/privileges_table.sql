-- setup
create table t (id integer primary key, a integer, b text);
-- change
grant select, insert on t to pg_monitor with grant option;
-- undo
revoke all on t from pg_monitor;
