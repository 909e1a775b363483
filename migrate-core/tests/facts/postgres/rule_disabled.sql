-- setup
create table t (id integer primary key, a integer, b text);
create rule r as on delete to t do instead nothing;
-- change
alter table t disable rule r;
-- undo
alter table t enable rule r;
