-- needs 14
-- setup
create function f(a integer) returns integer language sql begin atomic select a; end;
-- change
create or replace function f(a integer) returns integer language sql begin atomic select a + 1; end;
-- undo
create or replace function f(a integer) returns integer language sql begin atomic select a; end;
