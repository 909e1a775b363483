-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
create index i on t (a);
-- undo
drop index i on t;
