-- needs 15
-- setup
create access method heap2 type table handler heap_tableam_handler;
create table t (id integer primary key, a integer, b text);
-- change
alter table t set access method heap2;
-- undo
alter table t set access method heap;
