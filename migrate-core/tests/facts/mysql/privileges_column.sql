-- setup
create table t (id int primary key, a int, b varchar(20));
create user if not exists facts_reader;
-- change
grant select (a) on t to facts_reader;
-- undo
revoke select (a) on t from facts_reader;
