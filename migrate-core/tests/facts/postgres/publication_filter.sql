-- needs 15
-- setup
create table t (id integer primary key, a integer, b text);
create publication p for table t;
-- change
alter publication p set table t (id, a) where (a > 0);
-- undo
alter publication p set table t;
