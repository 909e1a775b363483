-- setup
create type color as enum ('red', 'green');
-- change
alter type color rename value 'red' to 'rouge';
-- undo
alter type color rename value 'rouge' to 'red';
