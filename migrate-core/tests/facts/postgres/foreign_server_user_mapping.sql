-- setup
create foreign data wrapper w;
create server s foreign data wrapper w;
-- change
create user mapping for public server s options (user 'u');
-- undo
drop user mapping for public server s;
