-- setup
create table t (a integer not null);
-- change
drop table t;
create table t (a integer not null on conflict ignore);
-- undo
drop table t;
create table t (a integer not null);
