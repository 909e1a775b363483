-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t modify b varchar(30);
-- undo
alter table t modify b varchar(20);
