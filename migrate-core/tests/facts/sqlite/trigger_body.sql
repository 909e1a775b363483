-- setup
create table t (id integer primary key, a integer, b text);
create trigger tr after insert on t begin update t set a = 1; end;
-- change
drop trigger tr;
create trigger tr after insert on t when new.a > 0 begin update t set a = 1; end;
-- undo
drop trigger tr;
create trigger tr after insert on t begin update [t] set a=1; end;
