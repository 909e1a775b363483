-- setup
create table t (id integer primary key, a integer, b text);
-- change
create policy p on t for select to public using (a > 0);
-- undo
drop policy p on t;
