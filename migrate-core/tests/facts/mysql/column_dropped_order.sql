-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t drop column a;
-- undo
alter table t add column a int;
