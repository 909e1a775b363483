-- setup
create text search configuration c (copy = pg_catalog.simple);
-- change
alter text search configuration c alter mapping for asciiword with english_stem, simple;
-- undo
alter text search configuration c alter mapping for asciiword with simple;
