-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
create fulltext index i on t (b);
-- undo
drop index i on t;
