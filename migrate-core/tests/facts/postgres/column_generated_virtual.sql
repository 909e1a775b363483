-- needs 18
-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t add column c integer generated always as (a * 2) virtual;
-- undo
alter table t drop column c;
