-- setup
create table t (id int primary key, a int, b varchar(20));
-- change
create trigger tr before insert on t for each row begin set new.a = 1; set new.b = 'x'; end;
-- undo
drop trigger tr;
