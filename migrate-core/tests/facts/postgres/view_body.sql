-- setup
create table t (id integer primary key, a integer, b text);
create view v as select id, a from t;
-- change
create or replace view v as select id, a from t where a > 0;
-- undo
create or replace view v as select id, a from t;
