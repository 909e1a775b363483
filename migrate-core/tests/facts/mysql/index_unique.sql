-- setup
create table t (id int primary key, a int, b varchar(20));
create index i on t (a);
-- change
drop index i on t;
create unique index i on t (a);
-- undo
drop index i on t;
create index i on t (a);
