-- setup
create function f() returns integer language sql as 'select 1';
-- change
revoke execute on function f() from public;
-- undo
grant execute on function f() to public;
