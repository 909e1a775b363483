-- setup
create domain d as integer;
-- change
alter domain d set default 4;
alter domain d set not null;
-- undo
alter domain d drop default;
alter domain d drop not null;
