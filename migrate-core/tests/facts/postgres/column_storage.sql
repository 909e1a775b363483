-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column b set storage external;
-- undo
alter table t alter column b set storage extended;
