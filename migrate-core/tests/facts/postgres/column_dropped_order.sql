-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t drop column a;
-- undo
alter table t add column a integer;
