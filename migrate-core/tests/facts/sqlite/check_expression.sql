-- setup
create table t (a integer, constraint positive check (a > 0));
-- change
drop table t;
create table t (a integer, constraint positive check (a > 1));
-- undo
drop table t;
create table t (a integer, constraint positive check (a /* very */ >0));
