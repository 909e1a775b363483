-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column a set default 5;
-- undo
alter table t alter column a drop default;
