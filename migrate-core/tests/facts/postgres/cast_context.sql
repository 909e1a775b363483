-- setup
create type color as enum ('red');
create function color_int(color) returns integer language sql as 'select 1';
create cast (color as integer) with function color_int(color) as assignment;
-- change
drop cast (color as integer);
create cast (color as integer) with function color_int(color);
-- undo
drop cast (color as integer);
create cast (color as integer) with function color_int(color) as assignment;
