-- setup
create schema app;
create extension pg_trgm;
-- change
alter extension pg_trgm set schema app;
-- undo
alter extension pg_trgm set schema public;
