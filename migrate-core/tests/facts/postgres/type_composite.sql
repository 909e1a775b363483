-- setup
select 1;
-- change
create type ty as (a integer, b text collate "C");
-- undo
drop type ty;
