-- setup
select 1;
-- change
do $$ begin execute format('alter database %I set work_mem = ''8MB''', current_database()); end $$;
-- undo
do $$ begin execute format('alter database %I reset work_mem', current_database()); end $$;
