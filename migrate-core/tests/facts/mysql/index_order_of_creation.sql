-- setup
create table t (id int primary key, a int, b varchar(20));
create index i on t (a);
create index j on t (b);
-- change
drop index i on t;
-- undo
create index i on t (a);
