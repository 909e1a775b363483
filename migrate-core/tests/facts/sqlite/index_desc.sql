-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a, b);
-- change
drop index i;
create index i on t (a, b desc);
-- undo
drop index i;
create index i on "t" ("a", b);
