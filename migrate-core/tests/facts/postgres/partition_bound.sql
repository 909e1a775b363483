-- setup
create table t (a integer) partition by range (a);
create table t1 partition of t for values from (1) to (10);
-- change
alter table t detach partition t1;
alter table t attach partition t1 for values from (1) to (20);
-- undo
alter table t detach partition t1;
alter table t attach partition t1 for values from (1) to (10);
