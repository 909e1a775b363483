-- needs mysql
-- setup
create table t (id int primary key, a int, b varchar(20));
create index i on t (a);
-- change
alter table t alter index i invisible;
-- undo
alter table t alter index i visible;
