-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (b);
-- change
drop index i;
create index i on t (b collate nocase);
-- undo
drop index i;
create index i on t (b);
