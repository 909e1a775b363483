-- setup
create table t (id int primary key, a int, b varchar(20));
create view v as select a from t;
-- change
alter sql security invoker view v as select a from t;
-- undo
alter sql security definer view v as select a from t;
