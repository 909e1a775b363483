-- setup
create table t (a integer, b integer as (a + 1));
-- change
drop table t;
create table t (a integer, b integer as (a + 2));
-- undo
drop table t;
create table t (a integer, b integer generated always as (a+1) virtual);
