-- setup
create table t (id integer not null);
-- change
alter table t add primary key (id);
-- undo
alter table t drop constraint t_pkey;
