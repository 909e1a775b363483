-- setup
create table t (id int primary key, a int, b varchar(20));
create index i on t (b);
-- change
drop index i on t;
create index i on t (b(5));
-- undo
drop index i on t;
create index i on t (b);
