-- setup
create type r as range (subtype = integer);
-- change
drop type r;
create type r as range (subtype = integer, subtype_diff = pg_catalog.int4range_subdiff);
-- undo
drop type r;
create type r as range (subtype = integer);
