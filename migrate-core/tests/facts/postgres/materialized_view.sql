-- setup
create table t (id integer primary key, a integer, b text);
-- change
create materialized view m as select a from t;
create index i on m (a);
-- undo
drop materialized view m;
