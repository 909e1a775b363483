-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
rename table t to u;
-- undo
rename table u to t;
