-- setup
create table u (id integer primary key);
create table t (u integer);
-- change
drop table t;
create table t (u integer references u);
-- undo
drop table t;
create table t (u integer);
