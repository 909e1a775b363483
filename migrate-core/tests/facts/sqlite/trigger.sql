-- setup
create table t (id integer primary key, a integer, b text);
-- change
create trigger tr after insert on t begin update t set a = 1; end;
-- undo
drop trigger tr;
