-- setup
create table t (id int not null);
-- change
alter table t add primary key (id);
-- undo
alter table t drop primary key;
