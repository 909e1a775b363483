-- setup
create aggregate agg (integer) (sfunc = int4pl, stype = integer);
-- change
create or replace aggregate agg (integer) (sfunc = int4pl, stype = integer, initcond = '0');
-- undo
drop aggregate agg (integer);
create aggregate agg (integer) (sfunc = int4pl, stype = integer);
