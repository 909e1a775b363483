-- setup
create table t (id integer primary key, a integer, b text);
create statistics st (dependencies) on a, b from t;
-- change
alter statistics st set statistics 200;
-- undo
alter statistics st set statistics -1;
