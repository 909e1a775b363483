-- setup
create table t (id integer primary key, a integer, b text);
-- change
comment on constraint t_pkey on t is 'words';
-- undo
comment on constraint t_pkey on t is null;
