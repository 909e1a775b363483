-- setup
create table t (a enum('x', 'y'));
-- change
alter table t modify a enum('x', 'y', 'z,)');
-- undo
alter table t modify a enum('x', 'y');
