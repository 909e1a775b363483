-- setup
select 1;
-- change
create language plpgsql2 handler plpgsql_call_handler validator plpgsql_validator;
-- undo
drop language plpgsql2;
