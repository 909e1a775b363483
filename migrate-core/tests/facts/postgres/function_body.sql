-- setup
create function f(integer) returns integer language sql as 'select $1';
-- change
create or replace function f(integer) returns integer language sql as 'select $1 + 1';
-- undo
create or replace function f(integer) returns integer language sql as 'select $1';
