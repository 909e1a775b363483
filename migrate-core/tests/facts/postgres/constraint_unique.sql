-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t add constraint u unique (a);
-- undo
alter table t drop constraint u;
