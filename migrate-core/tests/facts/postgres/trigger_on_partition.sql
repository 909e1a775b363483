-- setup
create table t (a integer) partition by list (a);
create table t1 partition of t for values in (1);
create function f() returns trigger language plpgsql as 'begin return new; end';
create trigger tr after insert on t for each row execute function f();
-- change
alter table t1 disable trigger tr;
-- undo
alter table t1 enable trigger tr;
