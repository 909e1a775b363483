-- setup
select 1;
-- change
create procedure p(x int) begin select x; select 2; end;
-- undo
drop procedure p;
