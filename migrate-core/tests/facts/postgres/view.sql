-- setup
create table t (id integer primary key, a integer, b text);
-- change
create view v as select id, a from t;
-- undo
drop view v;
