-- setup
create table t (id integer primary key, a integer, b text);
-- change
drop table t;
create table t (id integer primary key, a integer, b text) without rowid;
-- undo
drop table t;
create table t (id integer primary key, a integer, b text);
