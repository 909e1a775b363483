-- setup
create table t (id integer primary key, a integer, b text);
create policy p on t using (a > 0) with check (true);
-- change
alter policy p on t using (a > 1);
-- undo
alter policy p on t using (a > 0);
