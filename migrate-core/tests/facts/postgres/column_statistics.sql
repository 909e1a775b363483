-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column a set statistics 500;
-- undo
alter table t alter column a set statistics -1;
