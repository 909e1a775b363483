-- needs mariadb
-- setup
create table t (id int primary key, a int, b varchar(20));
create index i on t (a);
-- change
alter table t alter index i ignored;
-- undo
alter table t alter index i not ignored;
