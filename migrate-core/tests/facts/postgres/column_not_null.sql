-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column a set not null;
-- undo
alter table t alter column a drop not null;
