-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t add constraint positive check (a > 0);
-- undo
alter table t drop constraint positive;
