-- setup
create table t (id integer primary key, a integer, b text);
-- same
create temporary table other (a);
create temporary view v as select 1;
