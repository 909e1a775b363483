-- setup
create table t (id integer primary key, a integer, b text);
create index i on t (a);
-- change
update pg_index set indisvalid = false where indexrelid = 'i'::regclass;
-- undo
update pg_index set indisvalid = true where indexrelid = 'i'::regclass;
