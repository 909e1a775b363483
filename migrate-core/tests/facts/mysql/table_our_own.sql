-- setup
create table t (id int primary key, a int, b varchar(20));
-- same
create table _migrate_history (id int primary key, key name (id));
