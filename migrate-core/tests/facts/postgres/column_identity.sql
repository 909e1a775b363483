-- setup
create table t (id integer not null);
-- change
alter table t alter column id add generated always as identity;
-- undo
alter table t alter column id drop identity;
