-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t add column c integer;
-- undo
alter table t drop column c;
