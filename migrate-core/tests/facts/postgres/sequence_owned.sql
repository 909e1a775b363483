-- setup
create table t (id integer primary key, a integer, b text);
create sequence s;
-- change
alter sequence s owned by t.a;
-- undo
alter sequence s owned by none;
