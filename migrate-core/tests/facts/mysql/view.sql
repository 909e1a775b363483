-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
create view v as select a from t;
-- undo
drop view v;
