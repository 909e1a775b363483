-- setup
create type color as enum ('red', 'green');
-- change
alter type color add value 'blue' before 'green';
-- undo
drop type color;
create type color as enum ('red', 'green');
