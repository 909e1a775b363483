-- needs 15
-- setup
create table t (id integer primary key, a integer, b text);
alter table t add constraint u unique (a);
-- change
alter table t drop constraint u;
alter table t add constraint u unique nulls not distinct (a);
-- undo
alter table t drop constraint u;
alter table t add constraint u unique (a);
