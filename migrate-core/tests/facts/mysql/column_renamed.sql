-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t rename column a to c;
-- undo
alter table t rename column c to a;
