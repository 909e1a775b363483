-- setup
create table t (id int primary key, a int, b varchar(20));
create view v as select a from t;
-- change
alter view v as select a from t where a > 0;
-- undo
alter view v as select a from t;
