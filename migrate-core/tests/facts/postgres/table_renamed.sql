-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t rename to u;
-- undo
alter table u rename to t;
