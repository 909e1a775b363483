-- setup
create table t (id integer primary key, a integer, b text);
alter table t add constraint u unique (a);
-- change
alter table t rename constraint u to v;
-- undo
alter table t rename constraint v to u;
