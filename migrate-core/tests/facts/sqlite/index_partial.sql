-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a) where b is not null;
-- change
drop index i;
create index i on t (a) where b is null;
-- undo
drop index i;
create index i on t (a) where b is -- present
  not null;
