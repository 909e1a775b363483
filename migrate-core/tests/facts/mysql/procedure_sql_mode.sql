-- setup
create procedure p() select 1;
-- change
drop procedure p;
set sql_mode = 'ANSI_QUOTES';
create procedure p() select 1;
-- undo
drop procedure p;
set sql_mode = 'STRICT_ALL_TABLES';
create procedure p() select 1;
