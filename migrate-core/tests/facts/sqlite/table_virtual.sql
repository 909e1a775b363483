-- setup
select 1;
-- change
create virtual table f using fts5(body);
-- undo
drop table f;
