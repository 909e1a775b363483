-- setup
create foreign data wrapper w;
create server s foreign data wrapper w;
-- change
alter server s version '2' options (add host 'h');
-- undo
drop server s;
create server s foreign data wrapper w;
