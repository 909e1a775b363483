-- setup
create table t (id integer primary key, a integer, b text);
create view v as select id, a from t;
-- change
alter view v alter column a set default 3;
-- undo
alter view v alter column a drop default;
