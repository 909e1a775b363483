-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a);
-- change
comment on index i is 'words';
-- undo
comment on index i is null;
