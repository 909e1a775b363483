-- setup
select 1;
-- change
create subscription s connection 'dbname=x' publication p with (connect = false, slot_name = none, enabled = false);
-- undo
drop subscription s;
