-- setup
create table t (id integer primary key, a integer, b text);
-- change
create rule r as on delete to t do instead nothing;
-- undo
drop rule r on t;
