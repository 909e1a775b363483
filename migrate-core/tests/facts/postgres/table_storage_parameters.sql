-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t set (fillfactor = 70, toast.autovacuum_enabled = false);
-- undo
alter table t reset (fillfactor, toast.autovacuum_enabled);
