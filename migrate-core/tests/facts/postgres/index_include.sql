-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a);
-- change
drop index i;
create index i on t (a) include (b);
-- undo
drop index i;
create index i on t (a);
