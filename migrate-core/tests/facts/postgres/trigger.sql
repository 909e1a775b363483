-- setup
create table t (id integer primary key, a integer, b text);
create function f() returns trigger language plpgsql as 'begin return new; end';
-- change
create trigger tr before insert on t for each row when (new.a > 0) execute function f();
-- undo
drop trigger tr on t;
