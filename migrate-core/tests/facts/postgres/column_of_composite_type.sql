-- setup
create type ty as (a integer);
-- change
alter type ty add attribute b text;
-- undo
alter type ty drop attribute b;
