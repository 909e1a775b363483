-- setup
select 1;
-- change
create access method heap2 type table handler heap_tableam_handler;
-- undo
drop access method heap2;
