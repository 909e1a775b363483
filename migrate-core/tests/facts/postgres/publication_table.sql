-- setup
create table t (id integer primary key, a integer, b text);
create publication p with (publish = 'insert');
-- change
alter publication p add table t;
-- undo
alter publication p drop table t;
