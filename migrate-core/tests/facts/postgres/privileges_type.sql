-- setup
create type color as enum ('red');
-- change
revoke usage on type color from public;
-- undo
grant usage on type color to public;
