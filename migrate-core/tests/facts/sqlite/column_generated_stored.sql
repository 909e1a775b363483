-- setup
create table t (a integer, b integer as (a + 1));
-- change
drop table t;
create table t (a integer, b integer as (a + 1) stored);
-- undo
drop table t;
create table t (a integer, b integer as (a + 1));
