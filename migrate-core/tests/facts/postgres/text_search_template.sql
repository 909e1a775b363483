-- setup
select 1;
-- change
create text search template te (lexize = dsimple_lexize, init = dsimple_init);
create text search parser pa (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
-- undo
drop text search template te;
drop text search parser pa;
