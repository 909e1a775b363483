-- setup
create collation c (lc_collate = 'C', lc_ctype = 'C');
-- change
drop collation c;
create collation c (lc_collate = 'POSIX', lc_ctype = 'POSIX');
-- undo
drop collation c;
create collation c (lc_collate = 'C', lc_ctype = 'C');
