-- setup
select 1;
-- change
create sequence s;
-- undo
drop sequence s;
