-- setup
create aggregate agg (integer) (sfunc = int4pl, stype = integer);
-- change
create or replace aggregate agg (integer) (sfunc = int4pl, stype = integer, msfunc = int4pl, minvfunc = int4mi, mstype = integer, parallel = safe);
-- undo
drop aggregate agg (integer);
create aggregate agg (integer) (sfunc = int4pl, stype = integer);
