-- setup
create type color as enum ('red');
-- change
comment on type color is 'words';
-- undo
comment on type color is null;
