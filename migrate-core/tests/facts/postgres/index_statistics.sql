-- setup
create table t (id integer primary key, a integer, b text);
create index i on t ((a + 1));
-- change
alter index i alter column 1 set statistics 300;
-- undo
alter index i alter column 1 set statistics -1;
