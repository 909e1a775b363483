-- setup
create table t (id integer primary key, a integer, b text);
-- change
alter table t add column c integer not null default 5;
-- undo
alter table t drop column c;
