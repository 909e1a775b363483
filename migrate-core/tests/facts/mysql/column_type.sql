-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t modify a bigint unsigned;
-- undo
alter table t modify a int;
