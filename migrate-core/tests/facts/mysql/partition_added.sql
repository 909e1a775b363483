-- setup
create table t (id int) partition by range (id) (partition p0 values less than (10));
-- change
alter table t add partition (partition p1 values less than (20));
-- undo
alter table t drop partition p1;
