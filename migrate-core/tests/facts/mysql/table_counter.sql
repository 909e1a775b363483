-- setup
create table t (id int auto_increment primary key);
-- same
insert into t values (), (), ();
alter table t auto_increment = 100;
