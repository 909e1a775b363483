-- setup
select 1;
-- change
create procedure p() language sql as 'select 1';
-- undo
drop procedure p;
