-- setup
select 1;
-- change
alter default privileges revoke execute on functions from public;
-- undo
alter default privileges grant execute on functions to public;
