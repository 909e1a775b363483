-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t enable row level security;
-- undo
alter table t disable row level security;
