-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t force row level security;
-- undo
alter table t no force row level security;
