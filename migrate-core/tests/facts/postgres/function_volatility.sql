-- setup
create function f(integer) returns integer language sql as 'select $1';
-- change
alter function f immutable strict security definer set work_mem = '1MB';
-- undo
alter function f volatile called on null input security invoker reset all;
