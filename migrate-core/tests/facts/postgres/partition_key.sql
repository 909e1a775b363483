-- setup
create table t (a integer, b integer) partition by list (a);
-- change
drop table t;
create table t (a integer, b integer) partition by list (b);
-- undo
drop table t;
create table t (a integer, b integer) partition by list (a);
