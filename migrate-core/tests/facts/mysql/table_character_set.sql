-- setup
create table t (a int) default character set utf8mb4 collate utf8mb4_bin;
-- change
alter table t default character set latin1;
-- undo
alter table t default character set utf8mb4 collate utf8mb4_bin;
