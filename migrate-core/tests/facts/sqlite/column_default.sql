-- setup
create table t (a default 1);
-- change
drop table t;
create table t (a default 2);
-- undo
drop table t;
create table t (a default /* one */ 1);
