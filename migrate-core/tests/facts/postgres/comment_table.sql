-- setup
create table t (id integer primary key, a integer, b text);
-- change
comment on table t is 'words';
-- undo
comment on table t is null;
