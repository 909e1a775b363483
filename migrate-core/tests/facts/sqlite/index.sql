-- setup
create table t (id integer primary key, a integer, b text);
-- change
create index i on t (a);
-- undo
drop index i;
