-- setup
create table t (a integer, b integer);
-- change
drop table t;
create table t (a integer, b integer, unique (a, b));
-- undo
drop table t;
create table t (a integer, b integer);
