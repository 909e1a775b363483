-- setup
create domain d as integer;
-- change
alter domain d add constraint positive check (value > 0);
-- undo
alter domain d drop constraint positive;
