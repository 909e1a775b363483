-- setup
create operator === (leftarg = integer, rightarg = integer, function = int4eq);
-- change
alter operator === (integer, integer) set (restrict = eqsel);
-- undo
alter operator === (integer, integer) set (restrict = none);
