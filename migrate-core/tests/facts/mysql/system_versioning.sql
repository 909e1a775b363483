-- needs mariadb
-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t add system versioning;
-- undo
alter table t drop system versioning;
