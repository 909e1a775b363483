-- setup
create table t (a varchar(10));
-- change
alter table t alter column a type varchar(20);
-- undo
alter table t alter column a type varchar(10);
