-- setup
select 1;
-- change
do $$ begin execute format('revoke connect on database %I from public', current_database()); end $$;
-- undo
do $$ begin execute format('grant connect on database %I to public', current_database()); end $$;
