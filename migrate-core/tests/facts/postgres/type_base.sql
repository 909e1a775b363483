-- setup
create type b;
create function b_in(cstring) returns b language internal immutable strict as 'int4in';
create function b_out(b) returns cstring language internal immutable strict as 'int4out';
create type b (input = b_in, output = b_out, internallength = 4, passedbyvalue, alignment = int4);
-- change
alter type b set (typmod_in = pg_catalog.varchartypmodin, typmod_out = pg_catalog.varchartypmodout);
-- undo
alter type b set (typmod_in = none, typmod_out = none);
