-- setup
create table t (a integer) partition by range (a);
-- change
create table t1 partition of t for values from (1) to (10);
-- undo
drop table t1;
