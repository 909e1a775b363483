-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t alter column b set default 'a,b)';
-- undo
alter table t modify b varchar(20);
