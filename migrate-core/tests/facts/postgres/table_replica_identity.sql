-- setup
create table t (id integer primary key, a integer, b text);
create unique index t_id on t (id);
-- change
alter table t replica identity using index t_id;
-- undo
alter table t replica identity default;
