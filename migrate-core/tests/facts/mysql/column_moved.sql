-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t modify column a int after b;
-- undo
alter table t modify column a int after id;
