-- setup
select 1;
-- change
create function f(integer) returns integer language sql as 'select $1';
-- undo
drop function f;
