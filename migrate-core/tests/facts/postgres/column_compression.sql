-- needs 14
-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t alter column b set compression pglz;
-- undo
alter table t alter column b set compression default;
