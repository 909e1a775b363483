-- setup
create type ty as (a integer);
create table t (a integer);
-- change
alter table t of ty;
-- undo
alter table t not of;
