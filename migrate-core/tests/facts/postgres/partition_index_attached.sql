-- setup
create table t (a integer) partition by range (a);
create table t1 partition of t for values from (1) to (10);
create index i1 on t1 (a);
create index i on only t (a);
-- change
alter index i attach partition i1;
-- undo
drop index i;
create index i1 on t1 (a);
create index i on only t (a);
