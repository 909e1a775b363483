-- setup
create table t (id integer primary key, a integer, b text);
create materialized view m as select a from t;
-- change
refresh materialized view m with no data;
-- undo
refresh materialized view m;
