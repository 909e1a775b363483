-- setup
select 1;
-- change
create table t (id int primary key, a int, b varchar(20));
-- undo
drop table t;
