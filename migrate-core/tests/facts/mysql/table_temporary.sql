-- setup
create table t (id int primary key, a int, b varchar(20));
-- same
create temporary table other (a int);
