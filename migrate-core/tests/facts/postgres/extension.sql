-- setup
select 1;
-- change
create extension pg_trgm;
-- undo
drop extension pg_trgm;
