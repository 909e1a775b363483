-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column a type bigint;
-- undo
alter table t alter column a type integer;
