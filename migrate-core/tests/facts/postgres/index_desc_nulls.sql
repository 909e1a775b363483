-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a desc);
-- change
drop index i;
create index i on t (a desc nulls last);
-- undo
drop index i;
create index i on t (a desc);
