-- setup
select 1;
-- change
create type color as enum ('red', 'green');
-- undo
drop type color;
