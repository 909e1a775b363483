-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a);
-- change
alter index i set (fillfactor = 50);
-- undo
alter index i reset (fillfactor);
