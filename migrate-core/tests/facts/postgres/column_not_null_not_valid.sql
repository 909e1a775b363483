-- needs 18
-- setup
create table t (id integer primary key, a integer, b text);
alter table t alter column a set not null;
-- change
alter table t alter column a drop not null;
alter table t add constraint nn not null a not valid;
-- undo
alter table t validate constraint nn;
