-- setup
create table t (id integer primary key, a integer, b text);
-- change
create statistics st (dependencies) on a, b from t;
-- undo
drop statistics st;
