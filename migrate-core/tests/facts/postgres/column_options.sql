-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column a set (n_distinct = 5);
-- undo
alter table t alter column a reset (n_distinct);
