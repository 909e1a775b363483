-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t partition by range (id) (partition p0 values less than (10), partition p1 values less than maxvalue);
-- undo
alter table t remove partitioning;
