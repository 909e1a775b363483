-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t row_format = compressed;
-- undo
alter table t row_format = default;
