-- setup
create table t (id int primary key, a int, b varchar(20));
create user if not exists facts_reader;
-- change
grant select, insert on t to facts_reader;
-- undo
revoke select, insert on t from facts_reader;
