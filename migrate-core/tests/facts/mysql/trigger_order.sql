-- setup
create table t (id int primary key, a int, b varchar(20));
create trigger t1 before insert on t for each row set new.a = 1;
create trigger t2 before insert on t for each row set new.a = 2;
-- change
drop trigger t1;
create trigger t1 before insert on t for each row follows t2 set new.a = 1;
-- undo
drop trigger t2;
create trigger t2 before insert on t for each row set new.a = 2;
