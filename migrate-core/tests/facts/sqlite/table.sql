-- setup
create table t (id integer primary key, a integer, b text);
-- change
create table u (a);
-- undo
drop table u;
