-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t add constraint positive check (a > 0);
-- undo
alter table t drop constraint positive;
