-- setup
create function f(integer) returns integer language sql as 'select $1';
-- change
comment on function f(integer) is 'words';
-- undo
comment on function f(integer) is null;
