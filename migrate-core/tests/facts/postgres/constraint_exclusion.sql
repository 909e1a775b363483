-- setup
create table t (r int4range);
-- change
alter table t add constraint x exclude using gist (r with &&);
-- undo
alter table t drop constraint x;
