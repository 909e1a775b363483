-- setup
create table t (id integer primary key, a integer, b text);
comment on column t.a is 'words';
-- change
comment on column t.a is 'other words';
-- undo
comment on column t.a is 'words';
