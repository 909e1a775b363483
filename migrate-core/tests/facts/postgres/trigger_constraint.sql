-- setup
create table t (id integer primary key, a integer, b text);
create function f() returns trigger language plpgsql as 'begin return new; end';
-- change
create constraint trigger tr after insert on t deferrable initially deferred for each row execute function f();
-- undo
drop trigger tr on t;
