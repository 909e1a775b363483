-- setup
create table t (id integer primary key, a integer, b text);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger tr before insert on t for each row execute function f();
-- change
alter table t disable trigger tr;
-- undo
alter table t enable trigger tr;
