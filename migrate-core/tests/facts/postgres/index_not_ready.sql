-- setup
create table t (id integer primary key, a integer, b text);
insert into t values (1, 1, ''), (2, 1, '');

create index concurrently i on t (a);
-- change
update pg_index set indisvalid = false, indisready = false where indexrelid = 'i'::regclass;
-- undo
drop index i;

create index concurrently i on t (a);
