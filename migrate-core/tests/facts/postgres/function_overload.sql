-- setup
create function f(integer) returns integer language sql as 'select $1';
-- change
create function f(text) returns text language sql as 'select $1';
-- undo
drop function f(text);
