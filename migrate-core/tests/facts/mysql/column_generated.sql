-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t add c int generated always as (a + 1) virtual;
-- undo
alter table t drop c;
