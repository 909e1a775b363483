-- setup
create event e on schedule every 1 day starts '2030-01-01' do select 1;
-- change
alter event e disable;
-- undo
alter event e enable;
