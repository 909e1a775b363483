-- setup
create table t (a timestamptz default '2024-01-02 03:04:05+00');
-- change
alter table t alter column a set default '2024-01-02 03:04:06+00';
-- undo
alter table t alter column a set default '2024-01-02 03:04:05+00';
