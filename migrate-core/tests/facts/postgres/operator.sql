-- setup
select 1;
-- change
create operator === (leftarg = integer, rightarg = integer, function = int4eq, commutator = ===);
-- undo
drop operator === (integer, integer);
