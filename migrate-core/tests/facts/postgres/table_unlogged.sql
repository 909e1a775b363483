-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t set unlogged;
-- undo
alter table t set logged;
