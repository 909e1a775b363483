-- setup
create function f(x int) returns int deterministic return x;
-- change
drop function f;
create function f(x int) returns int deterministic return x + 1;
-- undo
drop function f;
create function f(x int) returns int deterministic return x;
