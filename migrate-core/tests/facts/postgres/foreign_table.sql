-- setup
create foreign data wrapper w;
create server s foreign data wrapper w;
-- change
create foreign table t (a integer options (name 'x')) server s options (table_name 'y');
-- undo
drop foreign table t;
