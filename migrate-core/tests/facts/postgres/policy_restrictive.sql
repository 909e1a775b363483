-- setup
create table t (id integer primary key, a integer, b text);
create policy p on t using (a > 0);
-- change
drop policy p on t;
create policy p on t as restrictive using (a > 0);
-- undo
drop policy p on t;
create policy p on t using (a > 0);
