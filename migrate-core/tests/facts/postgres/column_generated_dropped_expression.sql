-- setup
create table t (a integer);
-- change
alter table t add column c integer generated always as (a * 2) stored;
alter table t alter column c drop expression;
-- undo
alter table t drop column c;
