-- setup
select 1;
-- change
create table t (id integer primary key, a integer);
-- undo
drop table t;
