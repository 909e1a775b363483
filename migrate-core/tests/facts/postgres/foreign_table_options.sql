-- setup
create foreign data wrapper w;
create server s foreign data wrapper w;
create foreign table t (a integer) server s;
-- change
alter foreign table t options (add table_name 'y');
-- undo
alter foreign table t options (drop table_name);
