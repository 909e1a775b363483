-- setup
create foreign data wrapper w;
-- change
alter foreign data wrapper w options (add debug 'true');
-- undo
alter foreign data wrapper w options (drop debug);
