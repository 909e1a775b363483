-- setup
create publication p with (publish = 'insert');
-- change
alter publication p set (publish = 'insert, delete', publish_via_partition_root = true);
-- undo
alter publication p set (publish = 'insert', publish_via_partition_root = false);
