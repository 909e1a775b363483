-- setup
create table t (id integer primary key, a integer, b text);
alter table t add constraint positive check (a > 0);
-- change
alter table t drop constraint positive;
alter table t add constraint positive check (a > 0) no inherit;
-- undo
alter table t drop constraint positive;
alter table t add constraint positive check (a > 0);
