-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t rename column a to c;
-- undo
alter table t rename column c to a;
