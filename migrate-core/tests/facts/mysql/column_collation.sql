-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t modify b varchar(20) character set latin1 collate latin1_bin;
-- undo
alter table t modify b varchar(20);
