-- setup
create table t (a integer, b text, primary key (a, b));
-- change
drop table t;
create table t (a integer, b text, primary key (b, a));
-- undo
drop table t;
create table t (a integer, b text, primary key (a, b));
