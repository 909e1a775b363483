-- setup
create table t (id int primary key, a int, b varchar(20));
alter table t add c int generated always as (a + 1) virtual;
-- change
alter table t drop c, add c int generated always as (a + 1) stored;
-- undo
alter table t drop c, add c int generated always as (a + 1) virtual;
