-- setup
select 1;
-- change
create type pair as (a integer);
create transform for pair language plpgsql (from sql with function pg_catalog.prsd_lextype(internal));
-- undo
drop transform for pair language plpgsql;
drop type pair;
