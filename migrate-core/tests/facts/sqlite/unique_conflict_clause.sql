-- setup
create table t (a integer unique);
-- change
drop table t;
create table t (a integer unique on conflict replace);
-- undo
drop table t;
create table t (a integer unique);
