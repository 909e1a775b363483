-- setup
select 1;
-- change
comment on schema public is 'words';
-- undo
comment on schema public is 'standard public schema';
