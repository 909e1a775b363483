-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column b type text collate "C";
-- undo
alter table t alter column b type text collate "default";
