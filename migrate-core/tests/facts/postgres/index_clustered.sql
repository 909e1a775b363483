-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a);
-- change
alter table t cluster on i;
-- undo
alter table t set without cluster;
