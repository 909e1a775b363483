-- setup
select 1;
-- change
create conversion c for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
-- undo
drop conversion c;
