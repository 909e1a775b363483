-- setup
select 1;
-- change
create schema app;
-- undo
drop schema app;
