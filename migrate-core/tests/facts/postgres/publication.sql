-- setup
create table t (id integer primary key, a integer, b text);
-- change
create publication p for table t;
-- undo
drop publication p;
