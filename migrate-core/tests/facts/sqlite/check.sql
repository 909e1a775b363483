-- setup
create table t (id integer primary key, a integer, b text);
-- change
drop table t;
create table t (id integer primary key, a integer check (a > 0), b text);
-- undo
drop table t;
create table t (id integer primary key, a integer, b text);
