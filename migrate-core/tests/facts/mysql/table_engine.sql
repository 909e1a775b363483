-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t engine = MyISAM;
-- undo
alter table t engine = InnoDB;
