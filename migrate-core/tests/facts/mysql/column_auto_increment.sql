-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t modify id int auto_increment;
-- undo
alter table t modify id int;
