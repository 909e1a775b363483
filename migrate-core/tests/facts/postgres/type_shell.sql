-- setup
select 1;
-- change
create type shell;
-- undo
drop type shell;
