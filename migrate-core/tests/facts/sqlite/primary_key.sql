-- setup
create table t (a integer, b text);
-- change
drop table t;
create table t (a integer, b text, primary key (a, b));
-- undo
drop table t;
create table t (a integer, b text);
