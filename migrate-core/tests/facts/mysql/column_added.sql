-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t add column c int not null default 3;
-- undo
alter table t drop column c;
