-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
alter table t comment = 'it''s, (AUTO_INCREMENT=5)';
-- undo
alter table t comment = '';
